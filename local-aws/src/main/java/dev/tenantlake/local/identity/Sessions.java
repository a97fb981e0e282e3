package dev.tenantlake.local.identity;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.state.Journal;
import dev.tenantlake.local.state.JournaledMap;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The sessions of roles that were assumed, until they end; a restart does not end them. */
public final class Sessions implements AccessKeys {

    /** For so long a session that has ended is told apart from one that never was. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Journal journal;
    private final JournaledMap<Session> sessions;
    private final Clock clock;

    public Sessions(Journal journal, Clock clock) {
        this.journal = requireNonNull(journal, "journal");
        this.sessions = journal.map("sts.sessions", Session.class);
        this.clock = requireNonNull(clock, "clock");
    }

    @Override
    public Optional<AccessKey> find(String accessKeyId) {
        return sessions.get(accessKeyId).map(Session::key);
    }

    /** A new key for somebody who assumes a role. */
    AccessKey create(Caller.AssumedRole caller, Duration duration) {
        Instant now = clock.instant();
        AccessKey key = AccessKey.createSession(caller, now.plus(duration));
        journal.changeLazily(change -> {
            for (Session session : sessions.values()) {
                if (session.expires().plus(REMEMBERED).isBefore(now)) {
                    change.remove(sessions, session.keyId());
                }
            }
            change.put(sessions, key.id(), Session.of(key, caller));
        });
        return key;
    }

    record Session(
            String keyId,
            String secret,
            String token,
            Instant expires,
            String role,
            String path,
            String roleId,
            String name) {

        static Session of(AccessKey key, Caller.AssumedRole caller) {
            return new Session(
                    key.id(),
                    key.secret(),
                    key.sessionToken().orElseThrow(),
                    key.expires().orElseThrow(),
                    caller.role(),
                    caller.path(),
                    caller.roleId(),
                    caller.session());
        }

        AccessKey key() {
            return new AccessKey(
                    keyId,
                    secret,
                    Optional.of(token),
                    Optional.of(expires),
                    new Caller.AssumedRole(role, path, roleId, name));
        }

        /** Says neither the secret nor the token. */
        @Override
        public String toString() {
            return "Session[" + keyId + "]";
        }
    }
}
