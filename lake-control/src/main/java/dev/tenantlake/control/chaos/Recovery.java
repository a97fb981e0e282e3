package dev.tenantlake.control.chaos;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.lake.Barrier;
import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.LakeRecord;
import dev.tenantlake.control.lake.LocalServices;
import dev.tenantlake.control.lake.RunningLake;
import dev.tenantlake.control.process.ServiceState;
import dev.tenantlake.control.process.ServiceStatus;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;

/** Waits, whatever is dead at the moment, until a lake is whole again. */
final class Recovery {

    private static final Duration POLL = Duration.ofMillis(200);

    private final DataDirectory directory;
    private final Duration patience;
    private final Consumer<String> waitingFor;

    /**
     * @param patience how long a lake may take
     * @param waitingFor is told what is being waited for, for a person
     */
    Recovery(DataDirectory directory, Duration patience, Consumer<String> waitingFor) {
        this.directory = requireNonNull(directory, "directory");
        this.patience = requireNonNull(patience, "patience");
        this.waitingFor = requireNonNull(waitingFor, "waitingFor");
    }

    /**
     * Waits until bronze, silver and gold hold all that is committed now, or as soon as Postgres answers.
     *
     * @throws LakeException of kind {@code TIMEOUT} on what is behind, {@code UNFIT} on a service that has given up
     */
    void awaitGold() {
        Deadline deadline = new Deadline();
        Optional<Barrier> barrier = Optional.empty();
        String behind = "Postgres does not answer";
        while (true) {
            Optional<RunningLake> lake = RunningLake.find(directory);
            if (lake.isPresent()) {
                try (AwsClients clients = lake.get().adminClients()) {
                    if (barrier.isEmpty()) {
                        barrier = Optional.of(mark(lake.get(), clients));
                    }
                    Barrier.Progress progress = barrier.get().progress();
                    if (progress.epoch().isPresent()
                            && progress.gold() >= progress.epoch().getAsLong()) {
                        return;
                    }
                    behind = progress.behind().orElse("gold is behind");
                } catch (SdkException | LakeException | SQLException e) {
                    behind = String.valueOf(e.getMessage());
                }
            }
            deadline.check(behind);
        }
    }

    /** Waits until Athena answers. */
    RunningLake awaitAthena() {
        Deadline deadline = new Deadline();
        while (true) {
            Optional<RunningLake> lake = RunningLake.find(directory);
            if (lake.isPresent() && lake.get().services().queryEngine() == LocalServices.QueryEngine.READY) {
                return lake.get();
            }
            deadline.check("the query engine is not ready");
        }
    }

    private static Barrier mark(RunningLake lake, AwsClients clients) throws SQLException {
        try (Connection source = lake.connect()) {
            return Barrier.commit(clients, source);
        }
    }

    private final class Deadline {

        private final long end = System.nanoTime() + patience.toNanos();

        void check(String behind) {
            Optional<LakeRecord> record = LakeRecord.read(directory);
            record.flatMap(LakeRecord::failure).ifPresent(failure -> {
                throw new LakeException(LakeException.Kind.UNFIT, "the lake does not start again: " + failure);
            });
            record.stream()
                    .flatMap(recorded -> recorded.services().stream())
                    .filter(service -> service.state() == ServiceState.FAILED)
                    .findFirst()
                    .ifPresent(service -> {
                        throw new LakeException(
                                LakeException.Kind.UNFIT, service.name() + " has given up: " + lastError(service));
                    });
            if (System.nanoTime() - end >= 0) {
                throw new LakeException(
                        LakeException.Kind.TIMEOUT,
                        "the lake is not whole after " + patience.toSeconds() + " s: " + behind
                                + record.map(Deadline::deaths).orElse(""));
            }
            waitingFor.accept(behind);
            LockSupport.parkNanos(POLL.toNanos());
        }

        private static String deaths(LakeRecord record) {
            StringBuilder deaths = new StringBuilder();
            for (ServiceStatus service : record.services()) {
                if (service.restarts() > 0) {
                    deaths.append("; ")
                            .append(service.name())
                            .append(" was restarted ")
                            .append(service.restarts())
                            .append(" times, last error: ")
                            .append(lastError(service));
                }
            }
            return deaths.toString();
        }

        private static String lastError(ServiceStatus service) {
            return service.lastError().orElse("no reason given");
        }
    }
}
