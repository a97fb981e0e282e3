package dev.tenantlake.control;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.lake.LakeStatus;
import dev.tenantlake.control.lake.SlotState;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;

/** A lake's status as text for a person. */
final class StatusText {

    private final LakeStatus status;

    StatusText(LakeStatus status) {
        this.status = requireNonNull(status, "status");
    }

    void print(PrintWriter out) {
        printLake(out);
        printServices(out);
        printEndpoints(out);
        status.slot().ifPresent(slot -> {
            out.println("slot");
            line(out, slot.name(), describe(slot));
        });
        printLayers(out);
        printQuality(out);
        if (status.endpoints().isPresent()) {
            out.println("tenants with grants");
            out.println("  " + (status.tenants().isEmpty() ? "none" : String.join(", ", status.tenants())));
        }
        status.problems().forEach(problem -> out.println("! " + problem));
    }

    private void printLake(PrintWriter out) {
        if (status.running()) {
            out.println("The lake on " + status.dataDirectory() + " is "
                    + status.phase().map(StatusText::word).orElse("running")
                    + status.supervisorPid()
                            .map(pid -> " (supervisor " + pid + ")")
                            .orElse(""));
        } else {
            out.println("No lake is running on " + status.dataDirectory() + "; ./tenantlake up starts it");
        }
    }

    private void printServices(PrintWriter out) {
        if (status.services().isEmpty()) {
            return;
        }
        out.println("services");
        for (LakeStatus.Service service : status.services()) {
            out.printf(
                    Locale.ROOT,
                    "  %-14s %-12s %-12s %s%n",
                    service.name(),
                    word(service.state()),
                    service.pid().map(pid -> "pid " + pid).orElse(""),
                    history(service));
        }
    }

    private static String history(LakeStatus.Service service) {
        StringBuilder history = new StringBuilder();
        history.append("for ").append(age(service.since()));
        if (service.restarts() > 0) {
            history.append(", restarts ").append(service.restarts());
        }
        service.nextStartAt()
                .ifPresent(next -> history.append(", next start in ")
                        .append(Math.max(
                                0, Duration.between(Instant.now(), next).toSeconds()))
                        .append(" s"));
        service.lastError().ifPresent(error -> history.append(", last error: ").append(error));
        return history.toString();
    }

    private void printEndpoints(PrintWriter out) {
        status.endpoints().ifPresent(endpoints -> {
            out.println("endpoints");
            line(out, "AWS", endpoints.aws().toString());
            line(out, "S3", endpoints.s3().toString());
            line(out, "Postgres", endpoints.postgres());
            line(out, "metrics", endpoints.metrics().toString());
            line(
                    out,
                    "query engine",
                    word(endpoints.queryEngine())
                            + endpoints
                                    .queryEngineFailure()
                                    .map(failure -> ": " + failure)
                                    .orElse(""));
        });
    }

    private void printLayers(PrintWriter out) {
        if (status.layers().isEmpty()) {
            return;
        }
        out.println("layers");
        for (LakeStatus.LayerState layer : status.layers()) {
            line(out, layer.layer().database(), describe(layer));
            layer.trailing().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(table -> line(
                            out, "", table.getKey() + " follows now and then, and holds epoch " + table.getValue()));
        }
        if (!status.stopped().isEmpty()) {
            out.println("stopped tables");
            for (LakeStatus.Stopped table : status.stopped()) {
                line(
                        out,
                        table.layer().database() + "." + table.table(),
                        "at epoch " + table.epoch() + " for " + age(table.since()) + ": " + table.reason());
                line(out, "", "to do: " + table.remedy());
            }
        }
    }

    private void printQuality(PrintWriter out) {
        if (status.quality().isEmpty()) {
            return;
        }
        out.println("data quality");
        for (LakeStatus.Quality table : status.quality()) {
            line(
                    out,
                    table.table(),
                    String.format(
                            Locale.ROOT,
                            "%s valid, %,d rows%s",
                            percent(table.validShare()),
                            table.validRows(),
                            table.quarantinedRows() == 0
                                    ? ""
                                    : String.format(Locale.ROOT, ", %,d in quarantine", table.quarantinedRows())));
        }
        printAudit(out);
    }

    private void printAudit(PrintWriter out) {
        status.audit()
                .ifPresent(audit -> line(
                        out,
                        "audit",
                        String.format(
                                Locale.ROOT,
                                "%s ago at epoch %d: %s",
                                age(audit.auditedAt()),
                                audit.epoch(),
                                audit.findings().isEmpty()
                                        ? "all " + audit.rules() + " rules on references and uniqueness hold"
                                        : audit.findings().size() + " of " + audit.rules()
                                                + " rules on references and uniqueness do not hold")));
    }

    /** Rounded down: a hundred is all of them. */
    private static String percent(double share) {
        return BigDecimal.valueOf(share)
                        .movePointRight(2)
                        .setScale(2, RoundingMode.FLOOR)
                        .toPlainString()
                + " %";
    }

    private static String describe(LakeStatus.LayerState layer) {
        return String.format(
                Locale.ROOT,
                "epoch %d; its last commit brought transactions of %s after %s; %s",
                layer.epoch(),
                layer.sourceCommittedAt().truncatedTo(ChronoUnit.SECONDS),
                layer.worstDelayMillis() == layer.delayMillis()
                        ? seconds(layer.delayMillis())
                        : seconds(layer.delayMillis()) + " to " + seconds(layer.worstDelayMillis()),
                layer.epochsBehind() == 0 && layer.behindMillis() == 0
                        ? "holds everything"
                        : seconds(layer.behindMillis()) + " behind"
                                + (layer.epochsBehind() > 0 ? ", " + layer.epochsBehind() + " epochs" : ""));
    }

    private static String describe(SlotState slot) {
        return String.format(
                Locale.ROOT,
                "%s, %,d bytes behind, %,d bytes kept of %s (%s)",
                slot.active() ? "active" : "not read by anybody",
                slot.lagBytes(),
                slot.retainedBytes(),
                slot.limitBytes()
                        .map(limit -> String.format(Locale.ROOT, "%,d", limit))
                        .orElse("any number"),
                slot.walStatus());
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }

    private static void line(PrintWriter out, String name, String value) {
        out.printf(Locale.ROOT, "  %-14s %s%n", name, value);
    }

    private static String age(Instant since) {
        Duration age = Duration.between(since, Instant.now());
        if (age.toHours() > 0) {
            return age.toHours() + " h " + age.toMinutesPart() + " min";
        }
        return age.toMinutes() > 0 ? age.toMinutes() + " min" : Math.max(0, age.toSeconds()) + " s";
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
