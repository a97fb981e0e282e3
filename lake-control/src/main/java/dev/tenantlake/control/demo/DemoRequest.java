package dev.tenantlake.control.demo;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.run.SeedRequest;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a demo is to do.
 *
 * @param seed what the shop is filled with
 * @param report where the report is written, if it is to be
 * @param keep whether the lake is left running at the end, and its data kept
 */
public record DemoRequest(SeedRequest seed, Optional<Path> report, boolean keep) {
    public DemoRequest {
        requireNonNull(seed, "seed");
        requireNonNull(report, "report");
    }
}
