package dev.tenantlake.control.lake;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tenantlake.control.process.ProcessIdentity;
import dev.tenantlake.control.process.ServiceState;
import dev.tenantlake.control.process.ServiceStatus;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.GrantsPosition;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPositions;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

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
 * @param tenants the slugs of the tenants whose analysts have their grants
 * @param problems one line each on what could not be found out
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
        Optional<Slot> slot,
        List<LayerState> layers,
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
     * @param queryEngine how Athena's engine is
     * @param queryEngineFailure one line on why that failed, if it did
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Endpoints(
            URI aws,
            URI s3,
            String postgres,
            LocalServices.QueryEngine queryEngine,
            Optional<String> queryEngineFailure) {}

    /**
     * A replication slot.
     *
     * @param name its name
     * @param active whether somebody reads from it
     * @param lagBytes of write-ahead log that its reader has not confirmed
     * @param retainedBytes of write-ahead log that Postgres keeps for it
     * @param walStatus whether Postgres still has what the slot needs: {@code reserved}, {@code extended}, {@code
     *     unreserved} or {@code lost}
     */
    public record Slot(String name, boolean active, long lagBytes, long retainedBytes, String walStatus) {}

    /**
     * A layer.
     *
     * @param layer which one
     * @param epoch the last epoch that all its tables hold
     * @param epochsBehind how many epochs bronze is ahead of it
     * @param sourceCommittedAt when that epoch's last transaction was committed
     * @param delayMillis from then until the layer held it
     */
    public record LayerState(Layer layer, long epoch, long epochsBehind, Instant sourceCommittedAt, long delayMillis) {}

    public LakeStatus {
        requireNonNull(dataDirectory, "dataDirectory");
        services = List.copyOf(services);
        layers = List.copyOf(layers);
        tenants = List.copyOf(tenants);
        problems = List.copyOf(problems);
    }

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
        LakeView view = new LakeView(problems);
        RunningLake.find(directory).ifPresent(view::look);
        return new LakeStatus(
                running,
                directory.root().toString(),
                record.map(recorded -> recorded.supervisor().pid()).filter(pid -> running),
                record.map(LakeRecord::phase),
                record.map(LakeRecord::startedAt).filter(at -> running),
                record.map(LakeStatus::services).orElse(List.of()),
                Optional.ofNullable(view.endpoints),
                Optional.ofNullable(view.slot),
                view.layers,
                view.tenants,
                problems);
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

    /** What the lake's own services tell. */
    private static final class LakeView {

        private final List<String> problems;
        private Endpoints endpoints;
        private Slot slot;
        private List<LayerState> layers = List.of();
        private List<String> tenants = List.of();

        LakeView(List<String> problems) {
            this.problems = problems;
        }

        void look(RunningLake lake) {
            LocalServices services = lake.services();
            LocalServices.Postgres postgres = services.postgres();
            endpoints = new Endpoints(
                    services.awsEndpoint(),
                    services.s3Endpoint(),
                    postgres.host() + ":" + postgres.port() + "/" + postgres.database(),
                    services.queryEngine(),
                    services.queryEngineFailure());
            try (Connection source = lake.connect()) {
                slot = slot(source);
            } catch (SQLException | LakeException e) {
                problems.add(e.getMessage().lines().findFirst().orElse(""));
            }
            try (AwsClients clients = lake.adminClients();
                    S3Client s3 = clients.s3()) {
                lookAtLayers(s3, clients.config().layout());
            } catch (SdkException | LakeException e) {
                problems.add("the lake's bucket cannot be read: "
                        + e.getMessage().lines().findFirst().orElse(""));
            }
        }

        private void lookAtLayers(S3Client s3, LakeLayout layout) {
            LayerPositions positions = new LayerPositions(s3, layout);
            List<LayerState> found = new ArrayList<>();
            Optional<EpochManifest> latest = new EpochLog(s3, layout).latest();
            long bronze = latest.map(EpochManifest::epoch).orElse(0L);
            latest.ifPresent(manifest -> found.add(new LayerState(
                    Layer.BRONZE,
                    manifest.epoch(),
                    0,
                    manifest.lastCommittedAt(),
                    millis(manifest.lastCommittedAt(), manifest.writtenAt()))));
            for (Layer layer : List.of(Layer.SILVER, Layer.GOLD)) {
                positions.read(layer).map(position -> state(position, bronze)).ifPresent(found::add);
            }
            layers = found;
            tenants = positions.readGrants().map(GrantsPosition::slugs).orElse(List.of());
        }

        private static LayerState state(LayerPosition position, long bronze) {
            return new LayerState(
                    position.layer(),
                    position.epoch(),
                    // Bronze was looked at first, and may have gone on since.
                    Math.max(0, bronze - position.epoch()),
                    position.sourceCommittedAt(),
                    millis(position.sourceCommittedAt(), position.completedAt()));
        }

        private static long millis(Instant from, Instant to) {
            return Duration.between(from, to).toMillis();
        }

        private static Slot slot(Connection source) throws SQLException {
            try (Statement statement = source.createStatement();
                    ResultSet row = statement.executeQuery("""
                            select slot_name, active,
                                   pg_wal_lsn_diff(pg_current_wal_insert_lsn(), confirmed_flush_lsn)::bigint,
                                   pg_wal_lsn_diff(pg_current_wal_insert_lsn(), restart_lsn)::bigint,
                                   coalesce(wal_status, 'lost')
                              from pg_replication_slots
                             where slot_name = 'tenantlake'
                            """)) {
                return row.next()
                        ? new Slot(
                                row.getString(1), row.getBoolean(2), row.getLong(3), row.getLong(4), row.getString(5))
                        : null;
            }
        }
    }
}
