package dev.tenantlake.control.lake;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.GrantsPosition;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.Lsn;
import dev.tenantlake.model.SourceTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A mark in the source's commit order, and the wait until the lake holds all that was committed before it. The mark is a
 * logical message in a transaction of its own, so it is exact even when nothing else is being written.
 */
public final class Barrier {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int MANIFESTS_AT_ONCE = 100;

    private final EpochLog epochs;
    private final LayerPositions positions;
    private final Lsn lsn;
    /** An epoch that does not cover the mark; those after it may. */
    private long before;

    private OptionalLong epoch = OptionalLong.empty();

    private Barrier(EpochLog epochs, LayerPositions positions, Lsn lsn, long before) {
        this.epochs = requireNonNull(epochs, "epochs");
        this.positions = requireNonNull(positions, "positions");
        this.lsn = requireNonNull(lsn, "lsn");
        this.before = before;
    }

    /**
     * Commits the mark.
     *
     * @param clients with which the lake's bucket can be read
     * @param source a connection to the source; what it is in the middle of is not committed
     */
    public static Barrier commit(AwsClients clients, Connection source) {
        LakeLayout layout = clients.config().layout();
        S3Client s3 = clients.s3();
        EpochLog epochs = new EpochLog(s3, layout);
        long before = epochs.latestEpoch();
        return new Barrier(epochs, new LayerPositions(s3, layout), emit(source), before);
    }

    /** Where in the write-ahead log the mark is. */
    public Lsn lsn() {
        return lsn;
    }

    /**
     * Waits until bronze, silver and gold hold the mark, and the grants stand for silver's tenants.
     *
     * @param progress is told where the mark is each time that changes
     * @throws LakeException of kind {@code TIMEOUT} that names the stage that is behind
     */
    public Progress await(Duration atMost, Consumer<Progress> progress) {
        long deadline = System.nanoTime() + atMost.toNanos();
        Optional<Progress> last = Optional.empty();
        while (true) {
            Progress now = progress();
            if (!Optional.of(now).equals(last)) {
                progress.accept(now);
                last = Optional.of(now);
            }
            if (now.behind().isEmpty()) {
                return now;
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new LakeException(
                        LakeException.Kind.TIMEOUT,
                        "after " + atMost.toSeconds() + " s " + now.behind().get()
                                + "; ./tenantlake status says what is wrong, and --timeout gives it longer");
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** Where the mark is now. */
    public Progress progress() {
        if (epoch.isEmpty()) {
            epoch = findEpoch();
        }
        Optional<LayerPosition> silver = positions.read(Layer.SILVER);
        Optional<LayerPosition> gold = positions.read(Layer.GOLD);
        Optional<GrantsPosition> grants = positions.readGrants();
        long tenantsEpoch = silver.map(position -> position.tables().getOrDefault(SourceTable.TENANTS.name(), 0L))
                .orElse(0L);
        List<String> granted = grants.map(GrantsPosition::tables).orElse(List.of());
        return new Progress(
                epoch,
                before,
                silver.map(LayerPosition::epoch).orElse(0L),
                gold.map(LayerPosition::epochOfAll).orElse(0L),
                tenantsEpoch,
                grants.map(GrantsPosition::tenantsEpoch).orElse(0L),
                Stream.concat(analystsTables(silver), analystsTables(gold))
                        .filter(table -> !granted.contains(table))
                        .sorted()
                        .toList());
    }

    /** The tables of a layer that analysts may see: of silver not those that are the lake's own. */
    private static Stream<String> analystsTables(Optional<LayerPosition> position) {
        return position.stream()
                .flatMap(layer -> layer.tables().keySet().stream()
                        .filter(table -> layer.layer() == Layer.GOLD
                                || SourceTable.named(table).isPresent())
                        .map(table -> layer.layer().database() + "." + table));
    }

    /** The first epoch that covers the mark. */
    private OptionalLong findEpoch() {
        while (true) {
            List<EpochManifest> manifests = epochs.after(before, MANIFESTS_AT_ONCE);
            for (EpochManifest manifest : manifests) {
                if (manifest.lastLsn().compareTo(lsn) >= 0) {
                    return OptionalLong.of(manifest.epoch());
                }
                before = manifest.epoch();
            }
            if (manifests.size() < MANIFESTS_AT_ONCE) {
                return OptionalLong.empty();
            }
        }
    }

    private static Lsn emit(Connection source) {
        try (Statement statement = source.createStatement();
                ResultSet result =
                        statement.executeQuery("select pg_logical_emit_message(true, 'tenantlake', 'barrier')")) {
            result.next();
            return Lsn.parse(result.getString(1));
        } catch (SQLException e) {
            throw new LakeException(
                    LakeException.Kind.UNAVAILABLE, "Postgres did not take the barrier: " + e.getMessage(), e);
        }
    }

    /**
     * Where the mark is.
     *
     * @param epoch the epoch that covers it, or empty if bronze has none yet
     * @param bronze the last epoch that is known not to cover it
     * @param silver the epoch that silver holds, 0 for none
     * @param gold the epoch that gold holds, also in the tables that trail, 0 for none
     * @param tenants the epoch of the last change to silver's tenants, 0 for none
     * @param grants the epoch of the tenants that the grants stand for, 0 for none
     * @param notGranted the tables of silver and gold on which the grants do not stand yet
     */
    public record Progress(
            OptionalLong epoch,
            long bronze,
            long silver,
            long gold,
            long tenants,
            long grants,
            List<String> notGranted) {

        public Progress {
            requireNonNull(epoch, "epoch");
            notGranted = List.copyOf(notGranted);
        }

        /** Whether every tenant of silver has its grants, on all tables that there are. */
        public boolean isGranted() {
            return grants >= tenants && notGranted.isEmpty();
        }

        /** One clause that names the first stage that is behind, or empty if all hold the mark. */
        public Optional<String> behind() {
            if (epoch.isEmpty()) {
                return Optional.of("bronze does not hold the mark: its last epoch is " + bronze
                        + ", and cdc-ingest has to write the next");
            }
            long wanted = epoch.getAsLong();
            if (silver < wanted) {
                return Optional.of("silver is at epoch " + silver + " of " + wanted + ", and etl-jobs has to go on");
            }
            if (gold < wanted) {
                return Optional.of("gold is at epoch " + gold + " of " + wanted + ", and etl-jobs has to go on");
            }
            if (grants < tenants) {
                return Optional.of("the grants stand for the tenants of epoch " + grants + ", those of epoch " + tenants
                        + " have none, and athena-queries has to grant them");
            }
            return notGranted.isEmpty()
                    ? Optional.empty()
                    : Optional.of("the grants do not stand on " + notGranted.get(0)
                            + " yet, and athena-queries has to grant it");
        }
    }
}
