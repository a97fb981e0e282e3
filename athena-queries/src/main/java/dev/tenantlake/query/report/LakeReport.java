package dev.tenantlake.query.report;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The metrics as they stood when somebody asked.
 *
 * @param asking whose rows the figures are of
 * @param madeAt when they were asked for
 * @param positions how far the layers were before the first was asked, silver and then gold; empty if that may not be
 *     read
 * @param tenants whose figures they are
 * @param given the parameters that were given
 * @param answers in the order of their subjects
 */
public record LakeReport(
        Principal asking,
        Instant madeAt,
        List<LayerPosition> positions,
        List<ReportTenant> tenants,
        Map<String, String> given,
        List<MetricAnswer> answers) {

    public LakeReport {
        requireNonNull(asking, "asking");
        requireNonNull(madeAt, "madeAt");
        positions = List.copyOf(positions);
        tenants = List.copyOf(tenants);
        given = Map.copyOf(given);
        answers = List.copyOf(answers);
    }
}
