package dev.tenantlake.control.lake;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.process.ProcessIdentity;
import dev.tenantlake.control.process.ServiceStatus;
import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the supervisor writes down of the lake that it runs, each time something changes: for {@code status}, and for who
 * has to clear away after it when it was killed.
 *
 * @param supervisor its process
 * @param phase what it is doing
 * @param failure one line on why the lake did not start, if it did not
 * @param port where AWS' endpoint was asked to be
 * @param startedAt when the supervisor started
 * @param services in the order in which they were started
 */
public record LakeRecord(
        ProcessIdentity supervisor,
        Phase phase,
        Optional<String> failure,
        int port,
        Instant startedAt,
        List<ServiceStatus> services) {

    /** What a lake's supervisor is doing. */
    public enum Phase {
        /** Starts one service after the other. */
        STARTING,
        /** All are started. */
        RUNNING,
        /** Stops them. */
        STOPPING,
        /** One could not be started, and the others are stopped; the supervisor has ended. */
        FAILED
    }

    public LakeRecord {
        requireNonNull(supervisor, "supervisor");
        requireNonNull(phase, "phase");
        requireNonNull(failure, "failure");
        requireNonNull(startedAt, "startedAt");
        services = List.copyOf(services);
    }

    /** How a service is, or empty if it was not started. */
    public Optional<ServiceStatus> service(String name) {
        return services.stream().filter(service -> service.name().equals(name)).findFirst();
    }

    /** What is recorded in a data directory, or empty if nothing is. */
    public static Optional<LakeRecord> read(DataDirectory directory) {
        Path file = directory.recordFile();
        try {
            return Optional.of(LakeJson.read(Files.readAllBytes(file), LakeRecord.class, file.toString()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces what is recorded, in one step. */
    public void write(DataDirectory directory) {
        Path file = directory.recordFile();
        Path next = Path.of(file + ".next");
        try {
            Files.writeString(next, LakeJson.pretty(this));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes what is recorded. */
    public static void remove(DataDirectory directory) {
        try {
            Files.deleteIfExists(directory.recordFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
