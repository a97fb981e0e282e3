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
    private final AthenaSession athena;

    private AthenaHistory(AwsClients clients) {
        this.clients = requireNonNull(clients, "clients");
        this.s3 = clients.s3();
        this.epochs = new EpochLog(s3, clients.config().layout());
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

    @Override
    public PastEpoch epoch(AsOf asOf) {
        long latest = epochs.latestEpoch();
        if (latest == 0) {
            throw new LakeException(
                    LakeException.Kind.UNFIT, "the lake holds no epoch yet: there is nothing to restore from");
        }
        return asOf instanceof AsOf.OfEpoch epoch
                ? numbered(epoch.number(), latest)
                : committedBy(((AsOf.OfInstant) asOf).instant(), latest);
    }

    private PastEpoch numbered(long number, long latest) {
        if (number < 1 || number > latest) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--as-of is epoch " + number + ": expected one that the lake holds, 1 to " + latest);
        }
        return pastEpoch(manifest(number));
    }

    /** Halves the epochs: the later one was committed later. */
    private PastEpoch committedBy(Instant instant, long latest) {
        EpochManifest last = manifest(latest);
        if (instant.isAfter(last.lastCommittedAt())) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--as-of is " + instant + ", and the lake holds what was committed until " + last.lastCommittedAt()
                            + ": bring it up to date with ./tenantlake wait, or name epoch " + latest + ", its last");
        }
        EpochManifest first = manifest(1);
        if (instant.isBefore(first.lastCommittedAt())) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--as-of is " + instant + ", and the lake begins with what was committed until "
                            + first.lastCommittedAt() + ", epoch 1: expected an instant that is not before that");
        }
        // "by" was committed by then, "after" was not.
        EpochManifest by = first;
        long after = latest + 1;
        while (after - by.epoch() > 1) {
            EpochManifest middle = manifest(by.epoch() + (after - by.epoch()) / 2);
            if (middle.lastCommittedAt().isAfter(instant)) {
                after = middle.epoch();
            } else {
                by = middle;
            }
        }
        return pastEpoch(by);
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
