package dev.tenantlake.local.identity;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All access keys: those of users, which stay the same, and those of sessions, which come and go. */
public final class KeyRing implements AccessKeys {

    private final Map<String, AccessKey> users;
    private final AccessKeys sessions;

    public KeyRing(List<AccessKey> users, AccessKeys sessions) {
        this.users = users.stream().collect(Collectors.toUnmodifiableMap(AccessKey::id, Function.identity()));
        this.sessions = requireNonNull(sessions, "sessions");
    }

    @Override
    public Optional<AccessKey> find(String accessKeyId) {
        AccessKey user = users.get(accessKeyId);
        return user == null ? sessions.find(accessKeyId) : Optional.of(user);
    }
}
