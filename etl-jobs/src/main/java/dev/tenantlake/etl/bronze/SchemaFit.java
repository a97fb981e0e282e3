package dev.tenantlake.etl.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.EpochManifest.BronzeColumn;
import dev.tenantlake.model.EpochManifest.BronzeSchema;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether files of a schema can be read as rows of a table of the lake. A column that the lake does not know, and one
 * that a file does not have, stand in nobody's way; a key that is not there does, and so does a type that the lake's
 * cannot hold.
 *
 * @param obstacle what stands in the way, as the end of a sentence; empty if nothing does
 * @param repairable whether the values may turn out to be of the lake's types nevertheless
 * @param doubtful the columns of which each value has to be looked at before it is read
 */
public record SchemaFit(Optional<String> obstacle, boolean repairable, Set<String> doubtful) {

    public SchemaFit {
        requireNonNull(obstacle, "obstacle");
        doubtful = Set.copyOf(doubtful);
    }

    /**
     * Holds a schema against a table.
     *
     * @param required the columns without which the rows are of no use
     */
    public static SchemaFit of(SourceTable table, Set<String> required, BronzeSchema schema) {
        Map<String, String> present =
                schema.columns().stream().collect(Collectors.toMap(BronzeColumn::name, BronzeColumn::glueType));
        List<String> obstacles = new ArrayList<>();
        List<String> doubtful = new ArrayList<>();
        boolean repairable = true;
        for (SourceColumn column : table.columns()) {
            String type = present.get(column.name());
            if (type == null) {
                if (required.contains(column.name())) {
                    obstacles.add("has no column " + column.name());
                    repairable = false;
                }
                continue;
            }
            ColumnFit fit = ColumnFit.of(column.type(), type);
            if (fit != ColumnFit.ALWAYS) {
                doubtful.add(column.name());
            }
            if (fit == ColumnFit.IF_REPAIRED || fit == ColumnFit.NEVER) {
                obstacles.add("has " + column.name() + " as " + type + ", where the lake has "
                        + column.type().glueType());
                repairable &= fit == ColumnFit.IF_REPAIRED;
            }
        }
        return new SchemaFit(
                obstacles.isEmpty()
                        ? Optional.empty()
                        : Optional.of(table.qualifiedName() + " " + String.join(" and ", obstacles)),
                repairable,
                Set.copyOf(doubtful));
    }
}
