package dev.tenantlake.local.postgres;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * How Postgres is to be run.
 *
 * @param dataDirectory its data, kept between runs
 * @param programs where its programs are unpacked to, shared by all data directories
 * @param log where it writes what it has to say
 * @param port 0 for one that is free
 * @param password of the superuser {@code postgres}
 * @param durable whether a commit survives the machine going down, and not only the process; costs time
 */
public record PostgresSettings(
        Path dataDirectory, Path programs, Path log, int port, String password, boolean durable) {

    public PostgresSettings {
        requireNonNull(dataDirectory, "dataDirectory");
        requireNonNull(programs, "programs");
        requireNonNull(log, "log");
        requireNonNull(password, "password");
    }

    PostgresSettings withPort(int other) {
        return new PostgresSettings(dataDirectory, programs, log, other, password, durable);
    }

    /** Says nothing of the password. */
    @Override
    public String toString() {
        return "PostgresSettings[" + dataDirectory + ", port " + port + "]";
    }
}
