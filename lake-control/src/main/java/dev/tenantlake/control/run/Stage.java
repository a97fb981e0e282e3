package dev.tenantlake.control.run;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A step of the way that is done.
 *
 * @param name which
 * @param took how long it took since what it had to wait for was done
 * @param at when it was done, since the beginning
 * @param detail what came of it, for a person
 */
public record Stage(String name, Duration took, Duration at, String detail) {
    public Stage {
        requireNonNull(name, "name");
        requireNonNull(took, "took");
        requireNonNull(at, "at");
        requireNonNull(detail, "detail");
    }
}
