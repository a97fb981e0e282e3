package dev.tenantlake.control.report;

import static java.util.Objects.requireNonNull;

/**
 * What something ran on.
 *
 * @param processors how many
 * @param operatingSystem its name and architecture
 * @param java the version of the JDK that runs all but the query engine
 */
public record Machine(int processors, String operatingSystem, String java) {

    public Machine {
        requireNonNull(operatingSystem, "operatingSystem");
        requireNonNull(java, "java");
    }

    /** The one that this runs on. */
    public static Machine current() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.version"));
    }
}
