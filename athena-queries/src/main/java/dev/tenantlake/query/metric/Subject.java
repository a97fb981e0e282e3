package dev.tenantlake.query.metric;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a metric is about, in the order in which people ask. */
public enum Subject {
    REVENUE,
    CUSTOMERS,
    PRODUCTS,
    BEHAVIOUR,
    SUBSCRIPTIONS;

    /** The subject of that name, in lower case, or empty if there is none. */
    static Optional<Subject> named(String name) {
        return Arrays.stream(values())
                .filter(subject -> subject.toString().equals(name))
                .findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
