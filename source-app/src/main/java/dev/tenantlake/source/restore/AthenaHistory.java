package dev.tenantlake.source.restore;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.AthenaSession;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.BronzeColumn;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPosition.StoppedTable;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.Principal;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The history that the lake has: rows by the statements {@code as_of_<table>} of Athena's admin workgroup, which make
 * them of bronze, and the rest by the epochs' manifests.
 */
final class AthenaHistory implements TableHistory {

    private static final String STATEMENT = "as_of_";

    private final AwsClients clients;
    private final S3Client s3;
    private final EpochLog epochs;
    private final LayerPositions positions;
    private final AthenaSession athena;

    private AthenaHistory(AwsClients clients) {
        this.clients = requireNonNull(clients, "clients");
        this.s3 = clients.s3();
        this.epochs = new EpochLog(s3, clients.config().layout());
        this.positions = new LayerPositions(s3, clients.config().layout());
        this.athena = new AthenaSession(clients, new Principal.Admin());
    }

    /**
     * The history of the lake that some variables name.
     *
     * @param environment see {@link LakeConfig}
     */
    static AthenaHistory open(Map<String, String> environment) {
        return new AthenaHistory(AwsClients.of(LakeConfig.from(environment)));
    }

    /**
     * Of an epoch that silver does not hold, it is not known yet whether a table lost all its rows before it: that is noted
     * with silver.
     */
    @Override
    public PastEpoch epoch(AsOf asOf) {
        LayerPosition silver = silver();
        if (asOf instanceof AsOf.OfEpoch epoch) {
            if (epoch.number() < 1 || epoch.number() > silver.epoch()) {
                throw new LakeException(
                        LakeException.Kind.WRONG_USAGE,
                        "--as-of is epoch " + epoch.number() + ": expected one that silver holds, 1 to "
                                + silver.epoch());
            }
            return pastEpoch(manifest(epoch.number()));
        }
        Instant instant = ((AsOf.OfInstant) asOf).instant();
        if (instant.isAfter(silver.sourceCommittedAt())) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--as-of is " + instant + ", and silver holds what was committed until "
                            + silver.sourceCommittedAt()
                            + ": bring it up to date with ./tenantlake wait, or name epoch " + silver.epoch()
                            + ", its last");
        }
        return pastEpoch(epochs.committedBy(instant, silver.epoch())
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.WRONG_USAGE,
                        "--as-of is " + instant + ", and the lake begins with what was committed until "
                                + manifest(1).lastCommittedAt()
                                + ", epoch 1: expected an instant that is not before that")));
    }

    private LayerPosition silver() {
        return positions
                .read(Layer.SILVER)
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.UNFIT,
                        "silver holds no epoch yet, so there is nothing to restore from: wait for it with ./tenantlake"
                                + " wait"));
    }

    @Override
    public OptionalLong tenantId(String slug, long epoch) {
        String name = new Principal.Analyst(slug).slug();
        try (Stream<List<String>> ids = athena.rows(
                "SELECT id FROM " + asOf(SourceTable.TENANTS) + " WHERE slug = '" + name + "'", at(epoch))) {
            return ids.mapToLong(id -> Long.parseLong(id.get(0))).findFirst();
        }
    }

    @Override
    public Stream<PastRow> rows(SourceTable table, long tenantId, long epoch) {
        if (!manifest(epoch).loaded().contains(table.name())) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "the lake did not hold all rows of " + table.qualifiedName() + " at epoch " + epoch
                            + ": they had not been loaded by then, or were followed no longer; expected another epoch");
        }
        StoppedTable stopped = silver().stopped().get(table.name());
        if (stopped != null && stopped.epoch() < epoch) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "silver." + table.name() + " is stopped at epoch " + stopped.epoch()
                            + ", and of later ones its rows are not known: expected one until then, or "
                            + stopped.remedy());
        }
        String columns = table.columns().stream().map(SourceColumn::name).collect(Collectors.joining(", "));
        String sql = "SELECT " + BronzeColumns.EPOCH + ", " + columns + " FROM " + asOf(table) + " WHERE "
                + table.tenantColumn() + " = " + tenantId;
        return athena.rows(sql, at(epoch))
                .map(values -> new PastRow(Long.parseLong(values.get(0)), values.subList(1, values.size())));
    }

    @Override
    public Set<String> heldBack(SourceTable table, long tenantId, long epoch) {
        String sql = "SELECT record_key FROM silver.quarantine_history WHERE table_name = '" + table.name()
                + "' AND tenant_id = " + tenantId + " AND from_epoch <= " + epoch
                + " AND (until_epoch IS NULL OR until_epoch > " + epoch + ")";
        try (Stream<List<String>> keys = athena.rows(sql, List.of())) {
            return keys.map(key -> key.get(0)).collect(Collectors.toSet());
        }
    }

    @Override
    public Set<String> columns(SourceTable table, long epoch) {
        EpochManifest manifest = manifest(epoch);
        return manifest.tables().get(table.name()).files().stream()
                .map(file -> manifest.schemas().get(file.schemaId()).columns().stream()
                        .map(BronzeColumn::name)
                        .collect(Collectors.toSet()))
                .reduce(AthenaHistory::inBoth)
                .orElse(Set.of());
    }

    private static Set<String> inBoth(Set<String> some, Set<String> others) {
        return some.stream().filter(others::contains).collect(Collectors.toSet());
    }

    /** A table as it was, for a FROM. EXECUTE stands in no other statement, so the statement itself is taken. */
    private String asOf(SourceTable table) {
        String name = STATEMENT + table.name();
        return "("
                + athena.preparedStatement(name)
                        .orElseThrow(() -> new LakeException(
                                LakeException.Kind.UNFIT,
                                "Athena's workgroup " + athena.principal().workgroup() + " has no statement " + name
                                        + ": make it with ./tenantlake grants apply"))
                + ")";
    }

    private static List<String> at(long epoch) {
        return List.of(String.valueOf(epoch));
    }

    private static PastEpoch pastEpoch(EpochManifest manifest) {
        return new PastEpoch(manifest.epoch(), manifest.lastCommittedAt());
    }

    private EpochManifest manifest(long epoch) {
        return epochs.read(epoch)
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.CORRUPT,
                        "the manifest of epoch " + epoch + " is gone: restore " + LakeLayout.manifestKey(epoch)));
    }

    @Override
    public void close() {
        athena.close();
        s3.close();
        clients.close();
    }
}
