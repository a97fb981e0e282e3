package dev.tenantlake.control.run;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What the shop is to be filled with before the lake's first epoch.
 *
 * @param scale how much
 * @param seed what the rows are drawn from; the same gives the same rows
 */
public record SeedRequest(Scale scale, OptionalLong seed) {

    /** The scales of source-app's seed command. */
    public enum Scale {
        SMALL,
        MEDIUM,
        LARGE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public SeedRequest {
        requireNonNull(scale, "scale");
        requireNonNull(seed, "seed");
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("seed", "--scale", scale.toString()));
        seed.ifPresent(number -> arguments.addAll(List.of("--seed", Long.toString(number))));
        return arguments;
    }
}
