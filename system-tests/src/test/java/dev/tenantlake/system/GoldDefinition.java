package dev.tenantlake.system;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.Table;

/**
 * What a table of gold is, as a query over silver, or over another table of gold, in Athena's SQL: {@code
 * gold/<table>.sql} of athena-queries.
 *
 * @param table as Glue has it
 * @param sql one SELECT, which gives the table's columns but {@code _epoch}, in any order
 */
record GoldDefinition(Table table, String sql) {

    GoldDefinition {
        requireNonNull(table, "table");
        requireNonNull(sql, "sql");
    }

    /** The definition of a table, if there is one. */
    static Optional<GoldDefinition> of(Table table) {
        try (InputStream text = GoldDefinition.class.getResourceAsStream("/gold/" + table.name() + ".sql")) {
            return text == null
                    ? Optional.empty()
                    : Optional.of(new GoldDefinition(table, new String(text.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A query that counts the rows that the table alone has, or its definition alone. */
    String differences() {
        String columns = Stream.concat(table.storageDescriptor().columns().stream(), table.partitionKeys().stream())
                .map(Column::name)
                .filter(name -> !name.startsWith("_"))
                .collect(Collectors.joining(", "));
        return """
                WITH held AS (SELECT %1$s FROM gold.%2$s),
                defined AS (SELECT %1$s FROM (
                %3$s))
                SELECT (SELECT count(*) FROM (TABLE held EXCEPT TABLE defined))
                    + (SELECT count(*) FROM (TABLE defined EXCEPT TABLE held))
            """.formatted(columns, table.name(), sql);
    }
}
