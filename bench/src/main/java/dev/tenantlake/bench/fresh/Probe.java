package dev.tenantlake.bench.fresh;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.Lsn;

/**
 * An order that was placed to see when it is seen. No other order has its currency, so it is known wherever it comes to,
 * in an aggregate, too.
 *
 * @param currency which no other order has
 * @param notBefore a place in the source's log that is not after its commit
 * @param committedNanos when its commit was asked for, by {@link System#nanoTime}
 */
record Probe(String currency, Lsn notBefore, long committedNanos) {

    private static final int LETTERS = 26;
    private static final int MOST = 2 * LETTERS * LETTERS;

    Probe {
        requireNonNull(currency, "currency");
        requireNonNull(notBefore, "notBefore");
    }

    /** A currency that nobody pays with: {@code QAA}, {@code QAB} … {@code ZZZ}. */
    static String currency(int number) {
        if (number >= MOST) {
            throw new IllegalArgumentException("there are only " + MOST + " currencies for probes");
        }
        char first = number < LETTERS * LETTERS ? 'Q' : 'Z';
        int rest = number % (LETTERS * LETTERS);
        return "" + first + (char) ('A' + rest / LETTERS) + (char) ('A' + rest % LETTERS);
    }
}
