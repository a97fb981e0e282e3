package dev.tenantlake.source.restore;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.ColumnType;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.TestShop;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A history of one epoch after the other, each of which is what a shop had when it was remembered, as Athena would say it. */
final class RememberedRows implements TableHistory {

    private static final Instant BEGIN = Instant.parse("2026-11-14T09:00:00Z");

    private final TestShop shop;
    private final List<Map<SourceTable, List<PastRow>>> epochs = new ArrayList<>();
    private final Set<String> heldBack = new HashSet<>();
    private final Map<Long, Set<String>> columns = new HashMap<>();

    RememberedRows(TestShop shop) {
        this.shop = requireNonNull(shop, "shop");
    }

    /** Remembers what the shop has now, as the next epoch. */
    long remember() throws SQLException {
        Map<SourceTable, List<PastRow>> tables = new HashMap<>();
        for (SourceTable table : SourceTable.ALL) {
            tables.put(table, read(table, epochs.size() + 1));
        }
        epochs.add(tables);
        return epochs.size();
    }

    /** From now on gives no row of that key, as if it had been in quarantine. */
    void holdBack(String key) {
        heldBack.add(key);
    }

    /** Says that rows that changed in an epoch had these columns, and no others. */
    void hadColumns(long epoch, Set<String> names) {
        columns.put(epoch, names);
    }

    /** Remembers one of an epoch's rows otherwise. */
    void replace(long epoch, SourceTable table, PastRow row) {
        epochs.get((int) epoch - 1)
                .get(table)
                .replaceAll(other -> key(table, other).equals(key(table, row)) ? row : other);
    }

    private List<PastRow> read(SourceTable table, long epoch) throws SQLException {
        String expressions =
                table.columns().stream().map(RememberedRows::asAthenaSaysIt).collect(Collectors.joining(", "));
        try (Connection connection = shop.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT " + expressions + " FROM " + table.qualifiedName())) {
            List<PastRow> rows = new ArrayList<>();
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= table.columns().size(); i++) {
                    values.add(result.getString(i));
                }
                rows.add(new PastRow(epoch, values));
            }
            return rows;
        }
    }

    private static String asAthenaSaysIt(SourceColumn column) {
        if (column.type() == ColumnType.INSTANT) {
            return "to_char(" + column.name() + " AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')";
        }
        return (column.type() == ColumnType.TEXT_ARRAY ? "array_to_json(" + column.name() + ")" : column.name())
                + "::text";
    }

    @Override
    public PastEpoch epoch(AsOf asOf) {
        long number = asOf instanceof AsOf.OfEpoch epoch
                ? epoch.number()
                : ((AsOf.OfInstant) asOf).instant().getEpochSecond() - BEGIN.getEpochSecond();
        if (number < 1 || number > epochs.size()) {
            throw new LakeException(LakeException.Kind.WRONG_USAGE, "there is no epoch " + number);
        }
        return new PastEpoch(number, BEGIN.plusSeconds(number));
    }

    @Override
    public OptionalLong tenantId(String slug, long epoch) {
        return epochs.get((int) epoch - 1).get(SourceTable.TENANTS).stream()
                .filter(row -> row.values().get(1).equals(slug))
                .mapToLong(row -> Long.parseLong(row.values().get(0)))
                .findFirst();
    }

    @Override
    public Stream<PastRow> rows(SourceTable table, long tenantId, long epoch) {
        return epochs.get((int) epoch - 1).get(table).stream()
                .filter(row -> row.values().get(0).equals(String.valueOf(tenantId)))
                .filter(row -> !heldBack.contains(key(table, row)));
    }

    private static String key(SourceTable table, PastRow row) {
        return String.join("/", row.values().subList(0, table.primaryKey().size()));
    }

    @Override
    public Set<String> heldBack(SourceTable table, long tenantId, long epoch) {
        return heldBack;
    }

    @Override
    public Set<String> columns(SourceTable table, long epoch) {
        return columns.getOrDefault(
                epoch, table.columns().stream().map(SourceColumn::name).collect(Collectors.toSet()));
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
