package dev.tenantlake.query.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The names of metrics and columns as a reader has them. */
final class Words {

    private static final Set<String> ABBREVIATIONS = Set.of("arr", "id", "mrr", "sku");

    private Words() {}

    /** {@code opening_mrr} as {@code opening MRR}. */
    static String of(String name) {
        return Arrays.stream(name.split("_"))
                .map(word -> ABBREVIATIONS.contains(word) ? word.toUpperCase(Locale.ROOT) : word)
                .collect(Collectors.joining(" "));
    }

    /** The same at the beginning of a line. */
    static String title(String name) {
        String words = of(name);
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
