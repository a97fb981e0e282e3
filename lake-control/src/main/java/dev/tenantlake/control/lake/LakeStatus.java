package dev.tenantlake.control.lake;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tenantlake.control.process.ProcessIdentity;
import dev.tenantlake.control.process.ServiceState;
import dev.tenantlake.control.process.ServiceStatus;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SilverAudit;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a lake is at a moment: what {@code status} shows.
 *
 * @param running whether a supervisor runs on the data directory
 * @param dataDirectory which one
 * @param supervisorPid the supervisor's process id
 * @param phase what the supervisor is doing
 * @param startedAt when it started
 * @param services each service
 * @param endpoints where what answers, if local-aws does
 * @param slot the replication slot, if there is one
 * @param layers bronze, silver and gold, those that hold an epoch
 * @param stopped the tables that cannot follow
 * @param quality how good the rows of each silver table are
 * @param audit what the last look at all rows of silver has found, if there was one
 * @param tenants the slugs of the tenants whose analysts have their grants
 * @param problems one line each on what is wrong, or could not be found out
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record LakeStatus(
        boolean running,
        String dataDirectory,
        Optional<Long> supervisorPid,
        Optional<LakeRecord.Phase> phase,
        Optional<Instant> startedAt,
        List<Service> services,
        Optional<Endpoints> endpoints,
        Optional<SlotState> slot,
        List<LayerState> layers,
        List<Stopped> stopped,
        List<Quality> quality,
        Optional<SilverAudit> audit,
        List<String> tenants,
        List<String> problems) {

    /**
     * A service.
     *
     * @param name the module's name
     * @param state what it is doing
     * @param pid its process id, if it runs
     * @param restarts how many times it was started again after it had died
     * @param lastError one line on why it last died, if it ever did
     * @param since when it came to be in this state
     * @param nextStartAt when it is started again, if it is backing off
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Service(
            String name,
            ServiceState state,
            Optional<Long> pid,
            int restarts,
            Optional<String> lastError,
            Instant since,
            Optional<Instant> nextStartAt) {}

    /**
     * Where what answers.
     *
     * @param aws all AWS services but S3
     * @param s3 S3
     * @param postgres {@code host:port/database}
     * @param metrics what the lake tells of itself, in Prometheus' format
     * @param queryEngine how Athena's engine is
     * @param queryEngineFailure one line on why that failed, if it did
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Endpoints(
            URI aws,
            URI s3,
            String postgres,
            URI metrics,
            LocalServices.QueryEngine queryEngine,
            Optional<String> queryEngineFailure) {}

    /**
     * A layer.
     *
     * @param layer which one
     * @param epoch the last epoch that all its tables hold, but those that are stopped and those that trail
     * @param trailing by table name, the epoch that a table holds which follows only now and then, and does not hold that
     * @param epochsBehind how many epochs bronze is ahead of it
     * @param behindMillis how long ago the oldest transaction was committed that it does not hold; 0 if it holds all
     * @param firstCommittedAt when the first transaction was committed that came with its last commit
     * @param sourceCommittedAt when the last was
     * @param worstDelayMillis from the first until the layer held it
     * @param delayMillis from the last until the layer held it
     */
    public record LayerState(
            Layer layer,
            long epoch,
            Map<String, Long> trailing,
            long epochsBehind,
            long behindMillis,
            Instant firstCommittedAt,
            Instant sourceCommittedAt,
            long worstDelayMillis,
            long delayMillis) {

        public LayerState {
            trailing = Map.copyOf(trailing);
        }
    }

    /**
     * A table that something stands in the way of: it keeps its rows while the others go on.
     *
     * @param layer silver or gold
     * @param table its name
     * @param epoch the epoch whose rows it holds, 0 if it holds none
     * @param reason what stands in the way
     * @param remedy what to do
     * @param since when it was found
     */
    public record Stopped(Layer layer, String table, long epoch, String reason, String remedy, Instant since) {}

    /**
     * How good the rows of a table are, as of the epoch that silver holds.
     *
     * @param table its name
     * @param validRows how many rows break no rule, and are in silver
     * @param quarantinedRows how many do, and are in quarantine
     * @param validShare the share of the valid ones, from 0 to 1
     */
    public record Quality(String table, long validRows, long quarantinedRows, double validShare) {}

    public LakeStatus {
        requireNonNull(dataDirectory, "dataDirectory");
        services = List.copyOf(services);
        layers = List.copyOf(layers);
        stopped = List.copyOf(stopped);
        quality = List.copyOf(quality);
        requireNonNull(audit, "audit");
        tenants = List.copyOf(tenants);
        problems = List.copyOf(problems);
    }

    /** A service that was started again so often, and lately, is said to keep dying. */
    private static final int MANY_RESTARTS = 3;

    private static final Duration STABLE = Duration.ofMinutes(1);

    /** How the lake on a data directory is now. What cannot be found out is left out and named as a problem. */
    public static LakeStatus of(DataDirectory directory) {
        Optional<LakeRecord> record = LakeRecord.read(directory);
        boolean running = record.map(LakeRecord::supervisor)
                .filter(ProcessIdentity::isAlive)
                .isPresent();
        List<String> problems = new ArrayList<>();
        record.flatMap(LakeRecord::failure).ifPresent(problems::add);
        if (!running) {
            long left = record.map(LakeStatus::processesLeft).orElse(0L);
            if (left > 0) {
                problems.add("the supervisor is gone and " + left
                        + " of its processes still run: ./tenantlake down stops them, and up starts anew");
            }
        }
        if (running) {
            record.stream()
                    .flatMap(recorded -> recorded.services().stream())
                    .flatMap(service -> trouble(service, directory).stream())
                    .forEach(problems::add);
        }
        LakeView view = RunningLake.find(directory)
                .map(lake -> LakeView.of(lake, record.orElseThrow().port()))
                .orElse(LakeView.NONE);
        problems.addAll(view.problems());
        return new LakeStatus(
                running,
                directory.root().toString(),
                record.map(recorded -> recorded.supervisor().pid()).filter(pid -> running),
                record.map(LakeRecord::phase),
                record.map(LakeRecord::startedAt).filter(at -> running),
                record.map(LakeStatus::services).orElse(List.of()),
                view.endpoints(),
                view.slot(),
                view.layers(),
                view.stopped(),
                view.quality(),
                view.audit(),
                view.tenants(),
                problems);
    }

    /** What is wrong with a service, if it does not stay alive. */
    private static Optional<String> trouble(ServiceStatus service, DataDirectory directory) {
        String why = service.lastError().orElse("no reason given") + "; see "
                + directory.logs().resolve(service.name() + ".log");
        boolean diesAgainAndAgain = service.restarts() >= MANY_RESTARTS
                && service.startedAt()
                        .filter(start -> start.isAfter(Instant.now().minus(STABLE)))
                        .isPresent();
        return switch (service.state()) {
            case FAILED -> Optional.of(service.name() + " has given up: " + why);
            case BACKING_OFF -> Optional.of(service.name() + " died and is started again by itself: " + why);
            default ->
                diesAgainAndAgain
                        ? Optional.of(service.name() + " keeps dying (" + service.restarts() + " restarts): " + why)
                        : Optional.empty();
        };
    }

    private static long processesLeft(LakeRecord record) {
        return record.services().stream()
                .flatMap(service -> service.process().stream())
                .filter(ProcessIdentity::isAlive)
                .count();
    }

    private static List<Service> services(LakeRecord record) {
        return record.services().stream().map(LakeStatus::service).toList();
    }

    private static Service service(ServiceStatus status) {
        return new Service(
                status.name(),
                status.state(),
                status.process().map(ProcessIdentity::pid),
                status.restarts(),
                status.lastError(),
                status.since(),
                status.nextStartAt());
    }
}
