package dev.tenantlake.local;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.identity.AccessKey;
import dev.tenantlake.local.identity.Account;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys and the password that are made up at the first start, and kept in the files in which AWS' and Postgres'
 * clients look for them.
 */
public final class Secrets {

    private static final List<Caller.User> PROFILES = List.of(Caller.User.ADMIN, Caller.User.PIPELINE);
    private static final Pattern SECTION = Pattern.compile("\\[(\\w+)]");
    private static final Pattern SETTING = Pattern.compile("(\\w+)\\s*=\\s*(\\S+)");
    private static final Pattern PGPASS = Pattern.compile("127\\.0\\.0\\.1:\\d+:\\*:postgres:(\\w+)");

    private final Path directory;

    /** @param directory of the secrets, which nobody but the owner may read */
    public Secrets(Path directory) {
        this.directory = requireNonNull(directory, "directory");
    }

    /** The keys of the users that have a profile: those of the file, and new ones for those that it has none for. */
    public List<AccessKey> accessKeys() {
        Path file = directory.resolve("aws-credentials");
        Map<String, Map<String, String>> profiles = profiles(file);
        List<AccessKey> keys = PROFILES.stream()
                .map(user -> key(user, profiles.getOrDefault(user.userName(), Map.of())))
                .toList();
        StringBuilder content = new StringBuilder();
        for (AccessKey key : keys) {
            content.append('[')
                    .append(((Caller.User) key.caller()).userName())
                    .append("]\naws_access_key_id = ")
                    .append(key.id())
                    .append("\naws_secret_access_key = ")
                    .append(key.secret())
                    .append("\nregion = ")
                    .append(Account.REGION)
                    .append("\n\n");
        }
        OwnerOnly.write(file, content.toString());
        return keys;
    }

    private static AccessKey key(Caller.User user, Map<String, String> profile) {
        String id = profile.get("aws_access_key_id");
        String secret = profile.get("aws_secret_access_key");
        return id == null || secret == null ? AccessKey.create(user) : AccessKey.of(user, id, secret);
    }

    private static Map<String, Map<String, String>> profiles(Path file) {
        Map<String, Map<String, String>> profiles = new HashMap<>();
        Map<String, String> profile = new HashMap<>();
        for (String line : lines(file)) {
            Matcher section = SECTION.matcher(line.strip());
            Matcher setting = SETTING.matcher(line.strip());
            if (section.matches()) {
                profile = new HashMap<>();
                profiles.put(section.group(1), profile);
            } else if (setting.matches()) {
                profile.put(setting.group(1), setting.group(2));
            }
        }
        return profiles;
    }

    /**
     * The password of Postgres' superuser.
     *
     * @param databaseExists whether there is a database that has one already
     * @throws LakeException of kind {@code UNFIT} if there is, and the password is lost
     */
    public String postgresPassword(boolean databaseExists) {
        Path file = pgpass();
        Optional<String> known = lines(file).stream()
                .map(PGPASS::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .findFirst();
        if (known.isEmpty() && databaseExists) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    file
                            + " is gone or cannot be read, and with it the password of the database: restore it, or remove "
                            + "the data directory to begin anew");
        }
        return known.orElseGet(() -> AccessKey.random(32));
    }

    /** Where the password is written, in libpq's format. */
    public Path pgpass() {
        return directory.resolve("pgpass");
    }

    /** Writes the password for the clients of the database on a port. */
    public void writePgpass(int port, String password) {
        OwnerOnly.write(
                pgpass(),
                "127.0.0.1:" + port + ":*:postgres:" + password + "\nlocalhost:" + port + ":*:postgres:" + password
                        + "\n");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
