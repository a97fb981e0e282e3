package dev.tenantlake.control.lake;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.lake.LakeStatus.Endpoints;
import dev.tenantlake.control.lake.LakeStatus.LayerState;
import dev.tenantlake.control.lake.LakeStatus.Quality;
import dev.tenantlake.control.lake.LakeStatus.Stopped;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.GrantsPosition;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.SilverAudit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What a lake's own services tell of it: Postgres of the slot, the bucket of the layers.
 *
 * @param problems one line each on what could not be found out, and on what stands in the way of a table
 */
record LakeView(
        Optional<Endpoints> endpoints,
        Optional<SlotState> slot,
        List<LayerState> layers,
        List<Stopped> stopped,
        List<Quality> quality,
        Optional<SilverAudit> audit,
        List<String> tenants,
        List<String> problems) {

    /** Of a lake whose services do not answer. */
    static final LakeView NONE = new LakeView(
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            List.of(),
            List.of());

    private static final String SLOT = """
            select slot.slot_name, slot.active,
                   pg_wal_lsn_diff(pg_current_wal_insert_lsn(), slot.confirmed_flush_lsn)::bigint,
                   coalesce(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), slot.restart_lsn)::bigint, 0),
                   (select setting::bigint << 20 from pg_settings
                     where name = 'max_slot_wal_keep_size' and setting::bigint >= 0),
                   coalesce(slot.wal_status, 'lost'),
                   coalesce(extract(epoch from reader.flush_lag), 0)::double precision
              from pg_replication_slots slot
              left join pg_stat_replication reader on reader.pid = slot.active_pid
             where slot.slot_name = 'tenantlake'
            """;

    LakeView {
        requireNonNull(endpoints, "endpoints");
        requireNonNull(slot, "slot");
    }

    /** Asks the services. */
    static LakeView of(RunningLake lake, int firstPort) {
        LocalServices services = lake.services();
        LocalServices.Postgres postgres = services.postgres();
        List<String> problems = new ArrayList<>();
        Endpoints endpoints = new Endpoints(
                services.awsEndpoint(),
                services.s3Endpoint(),
                postgres.host() + ":" + postgres.port() + "/" + postgres.database(),
                LakePorts.metricsAddress(firstPort),
                services.queryEngine(),
                services.queryEngineFailure());
        Optional<SlotState> slot = Optional.empty();
        try (Connection source = lake.connect()) {
            slot = slot(source);
        } catch (SQLException | LakeException e) {
            problems.add(firstLine(e));
        }
        slot.flatMap(SlotState::alarm).ifPresent(problems::add);
        try (AwsClients clients = lake.adminClients();
                S3Client s3 = clients.s3()) {
            LakeLayout layout = clients.config().layout();
            LayerPositions positions = new LayerPositions(s3, layout);
            List<LayerPosition> read = new ArrayList<>();
            for (Layer layer : List.of(Layer.SILVER, Layer.GOLD)) {
                positions.read(layer).ifPresent(read::add);
            }
            List<Stopped> stopped = stopped(read);
            stopped.forEach(table -> problems.add(table.layer().database() + "." + table.table()
                    + " is stopped at epoch " + table.epoch() + ": " + table.reason() + "; " + table.remedy()));
            Optional<SilverAudit> audit = positions.readAudit();
            audit.stream()
                    .flatMap(last -> last.findings().stream())
                    .map(found -> "at epoch " + audit.orElseThrow().epoch() + " " + found.rows() + " rows of silver."
                            + found.table() + " broke " + found.rule() + ": see docs/data-quality.md")
                    .forEach(problems::add);
            return new LakeView(
                    Optional.of(endpoints),
                    slot,
                    layers(new EpochLog(s3, layout), read, slot),
                    stopped,
                    quality(read),
                    audit,
                    positions.readGrants().map(GrantsPosition::slugs).orElse(List.of()),
                    problems);
        } catch (SdkException | LakeException e) {
            problems.add("the lake's bucket cannot be read: " + firstLine(e));
            return new LakeView(
                    Optional.of(endpoints),
                    slot,
                    List.of(),
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    List.of(),
                    problems);
        }
    }

    private static List<LayerState> layers(EpochLog epochs, List<LayerPosition> positions, Optional<SlotState> slot) {
        Instant now = Instant.now();
        List<LayerState> layers = new ArrayList<>();
        Optional<EpochManifest> latest = epochs.latest();
        latest.ifPresent(manifest -> {
            long bronzeBehind = bronzeBehind(manifest, slot, now);
            layers.add(new LayerState(
                    Layer.BRONZE,
                    manifest.epoch(),
                    Map.of(),
                    0,
                    bronzeBehind,
                    manifest.firstCommittedAt(),
                    manifest.lastCommittedAt(),
                    millis(manifest.firstCommittedAt(), manifest.writtenAt()),
                    millis(manifest.lastCommittedAt(), manifest.writtenAt())));
            for (LayerPosition position : positions) {
                // Bronze was looked at after the positions, so a layer is never ahead of it.
                long epochsBehind = Math.max(0, manifest.epoch() - position.epoch());
                long behind = epochsBehind == 0
                        ? bronzeBehind
                        : epochs.read(position.epoch() + 1)
                                .map(next -> millis(next.firstCommittedAt(), now))
                                .orElse(0L);
                layers.add(new LayerState(
                        position.layer(),
                        position.epoch(),
                        position.trailing(),
                        epochsBehind,
                        behind,
                        position.firstCommittedAt(),
                        position.sourceCommittedAt(),
                        millis(position.firstCommittedAt(), position.completedAt()),
                        millis(position.sourceCommittedAt(), position.completedAt())));
            }
        });
        return layers;
    }

    /**
     * Of what bronze does not hold, nothing but Postgres knows. While the slot is read, it tells what its reader lately
     * took; while it is not, the oldest transaction is at most as old as the last one that bronze holds.
     */
    private static long bronzeBehind(EpochManifest latest, Optional<SlotState> slot, Instant now) {
        if (slot.isEmpty() || slot.get().lagBytes() == 0) {
            return 0;
        }
        return slot.get().active()
                ? Math.round(slot.get().readerDelaySeconds() * 1000)
                : millis(latest.lastCommittedAt(), now);
    }

    private static List<Quality> quality(List<LayerPosition> positions) {
        return positions.stream()
                .flatMap(position -> position.quality().entrySet().stream())
                .sorted(Map.Entry.comparingByKey())
                .map(table -> new Quality(
                        table.getKey(),
                        table.getValue().valid(),
                        table.getValue().quarantined(),
                        table.getValue().validShare()))
                .toList();
    }

    private static List<Stopped> stopped(List<LayerPosition> positions) {
        List<Stopped> stopped = new ArrayList<>();
        for (LayerPosition position : positions) {
            position.stopped().entrySet().stream()
                    .map(table -> new Stopped(
                            position.layer(),
                            table.getKey(),
                            table.getValue().epoch(),
                            table.getValue().reason(),
                            table.getValue().remedy(),
                            table.getValue().since()))
                    .sorted((one, other) -> one.table().compareTo(other.table()))
                    .forEach(stopped::add);
        }
        return stopped;
    }

    private static Optional<SlotState> slot(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery(SLOT)) {
            if (!row.next()) {
                return Optional.empty();
            }
            return Optional.of(new SlotState(
                    row.getString(1),
                    row.getBoolean(2),
                    row.getLong(3),
                    row.getLong(4),
                    Optional.ofNullable(row.getObject(5, Long.class)),
                    row.getString(6),
                    row.getDouble(7)));
        }
    }

    private static long millis(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis());
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
