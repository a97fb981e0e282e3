package dev.tenantlake.query.history;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.Table;

/**
 * The columns of the lake's tables as the Glue Data Catalog has them.
 *
 * @param tables by qualified name, {@code silver.orders}, the columns in the order in which a query sees them
 */
public record LakeSchema(SortedMap<String, List<Column>> tables) {

    /** What bronze appends to a table's name when a column's type changed to one that files cannot be read as together. */
    private static final Pattern FORM = Pattern.compile("__\\d+$");

    public LakeSchema {
        tables = new TreeMap<>(tables);
        tables.replaceAll((name, columns) -> List.copyOf(columns));
    }

    /**
     * A column.
     *
     * @param name its name
     * @param glueType its type in Hive's terms
     */
    public record Column(String name, String glueType) {
        public Column {
            requireNonNull(name, "name");
            requireNonNull(glueType, "glueType");
        }
    }

    /** What the catalog shows of some layers; a database that is not there has no tables. */
    public static LakeSchema of(GlueClient glue, List<Layer> layers) {
        SortedMap<String, List<Column>> tables = new TreeMap<>();
        for (Layer layer : layers) {
            tables(glue, layer).forEach(table -> tables.put(layer.database() + "." + table.name(), columns(table)));
        }
        return new LakeSchema(tables);
    }

    /** The tables of a layer; none if its database is not there. */
    public static List<Table> tables(GlueClient glue, Layer layer) {
        try {
            return glue.getTablesPaginator(get -> get.databaseName(layer.database())).stream()
                    .flatMap(page -> page.tableList().stream())
                    .toList();
        } catch (EntityNotFoundException e) {
            return List.of();
        }
    }

    /** The columns of a table, its partition columns last. */
    public static List<Column> columns(Table table) {
        List<Column> columns = new ArrayList<>();
        if (table.storageDescriptor() != null) {
            table.storageDescriptor()
                    .columns()
                    .forEach(column -> columns.add(new Column(column.name(), column.type())));
        }
        table.partitionKeys().forEach(column -> columns.add(new Column(column.name(), column.type())));
        return columns;
    }

    /** The source's table whose files a bronze table has; empty if the lake does not know it. */
    public static Optional<SourceTable> sourceOf(String bronzeTable) {
        return SourceTable.named(FORM.matcher(bronzeTable).replaceFirst(""));
    }

    /**
     * SQL that says what epoch an instant was in, its question mark: the last one before any transaction that was committed
     * after it. Whoever asks sees no transaction but those of rows of his own, so that the epoch may be a later one, in which
     * those rows are the same. Empty if bronze has no table.
     */
    public Optional<String> epochAt() {
        List<String> changes = new ArrayList<>();
        for (SourceTable source : SourceTable.ALL) {
            bronze(source).keySet().forEach(form -> changes.add("SELECT _epoch, _committed_at FROM " + form));
        }
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        String known = String.join("\nUNION ALL\n", changes).indent(4);
        return Optional.of("""
                WITH changes AS (
                %s)
                SELECT coalesce(
                    (SELECT min(_epoch) - 1 FROM changes WHERE _committed_at > CAST(? /* instant */ AS timestamp)),
                    (SELECT max(_epoch) FROM changes)
                ) AS epoch""".formatted(known));
    }

    boolean has(String qualifiedName) {
        return tables.containsKey(qualifiedName);
    }

    /** The columns of a silver table, in its order. */
    List<Column> silver(SourceTable source) {
        return tables.getOrDefault(Layer.SILVER.database() + "." + source.name(), List.of());
    }

    /** By qualified name, the bronze tables that files of a source's table came under, with their columns. */
    Map<String, List<Column>> bronze(SourceTable source) {
        String prefix = Layer.BRONZE.database() + ".";
        SortedMap<String, List<Column>> forms = new TreeMap<>();
        tables.forEach((name, columns) -> {
            if (name.startsWith(prefix)
                    && sourceOf(name.substring(prefix.length())).equals(Optional.of(source))) {
                forms.put(name, columns);
            }
        });
        return forms;
    }
}
