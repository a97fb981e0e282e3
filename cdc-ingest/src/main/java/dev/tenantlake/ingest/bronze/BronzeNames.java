package dev.tenantlake.ingest.bronze;

import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.EpochManifest.BronzeColumn;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names that bronze can take from a source. */
public final class BronzeNames {

    /** Not with an underscore at its beginning: query engines pass over such folders. */
    private static final Pattern TABLE = Pattern.compile("[a-z0-9][a-z0-9_]*");

    private static final Set<String> TAKEN = Stream.concat(
                    BronzeColumns.ALL.stream().map(BronzeColumn::name),
                    Stream.of(BronzeColumns.INGEST_DATE, BronzeColumns.EPOCH_BLOCK))
            .collect(Collectors.toUnmodifiableSet());

    private BronzeNames() {}

    /**
     * What is wrong with a name.
     *
     * @param found what it is
     * @param expected what was expected
     */
    public record Fault(String found, String expected) {}

    /** What is wrong with a table's name or those of its columns; empty if nothing is. */
    public static Optional<Fault> fault(String table, List<String> columns) {
        if (!TABLE.matcher(table).matches()) {
            return Optional.of(
                    new Fault("a name that bronze cannot take", "a-z, 0-9 and _, and no _ at its beginning"));
        }
        Set<String> names = new HashSet<>();
        for (String column : columns) {
            String name = column.toLowerCase(Locale.ROOT);
            if (TAKEN.contains(name) || !names.add(name)) {
                return Optional.of(new Fault(
                        "a column " + column + ", a name that bronze cannot take",
                        "none of " + String.join(", ", TAKEN) + ", and no two that differ in case alone"));
            }
        }
        return Optional.empty();
    }
}
