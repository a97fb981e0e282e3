package dev.tenantlake.query.metric;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which names somebody may have meant who wrote one that there is not. */
final class CloseNames {

    private static final int AT_MOST = 3;
    private static final int TYPING_ERRORS = 3;
    /** Shorter ones, such as "by", say nothing. */
    private static final int SHORTEST_TELLING_WORD = 4;

    private CloseNames() {}

    /** Up to three of the names, the closest first; none if none is close. */
    static List<String> to(String written, Collection<String> names) {
        String wanted = written.toLowerCase(Locale.ROOT).replace('-', '_');
        List<String> mistyped = names.stream()
                .filter(name -> distance(wanted, name) <= Math.min(TYPING_ERRORS, name.length() / 2))
                .toList();
        return (mistyped.isEmpty() ? names : mistyped)
                .stream()
                        .filter(name -> !mistyped.isEmpty() || hasWordInCommon(wanted, name))
                        .sorted(Comparator.comparingInt((String name) -> distance(wanted, name))
                                .thenComparing(Comparator.naturalOrder()))
                        .limit(AT_MOST)
                        .toList();
    }

    private static boolean hasWordInCommon(String wanted, String name) {
        Set<String> words = new HashSet<>(Arrays.asList(wanted.split("_")));
        words.removeIf(word -> word.length() < SHORTEST_TELLING_WORD);
        return Arrays.stream(name.split("_")).anyMatch(words::contains);
    }

    /** Levenshtein's: how many letters have to be added, removed or exchanged. */
    static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int column = 0; column <= right.length(); column++) {
            row[column] = column;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int exchanged = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchanged, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[right.length()];
    }
}
