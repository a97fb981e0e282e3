package dev.tenantlake.query.report;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.query.athena.AthenaSession;
import dev.tenantlake.query.athena.CollectedResult;
import dev.tenantlake.query.command.StopRequest;
import dev.tenantlake.query.sql.Statement;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/**
 * A tenant that a report is about.
 *
 * @param slug what the figures name it
 * @param name its name
 * @param currency in which it keeps its books
 * @param timeZone whose days are its days
 */
public record ReportTenant(String slug, String name, String currency, String timeZone) {

    private static final Statement ALL =
            new Statement("SELECT slug, name, currency, time_zone FROM silver.tenants ORDER BY slug", List.of());

    public ReportTenant {
        requireNonNull(slug, "slug");
        requireNonNull(name, "name");
        requireNonNull(currency, "currency");
        requireNonNull(timeZone, "timeZone");
    }

    /**
     * The tenants whose rows the one who asks may see.
     *
     * @throws LakeException as {@link AthenaSession#run}
     */
    public static List<ReportTenant> all(AthenaSession session, Duration timeout, StopRequest stop) {
        CollectedResult result = new CollectedResult(MetricQuestions.MOST_ROWS);
        session.run(ALL, timeout, stop, result);
        return result.rows().stream()
                .map(row -> new ReportTenant(row.get(0), row.get(1), row.get(2), row.get(3)))
                .toList();
    }

    /** Its clock; UTC where the JDK does not know its time zone. */
    ZoneId clock() {
        try {
            return ZoneId.of(timeZone);
        } catch (DateTimeException e) {
            return ZoneOffset.UTC;
        }
    }
}
