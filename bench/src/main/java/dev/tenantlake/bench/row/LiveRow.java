package dev.tenantlake.bench.row;

import dev.tenantlake.bench.lake.LiveLake;
import dev.tenantlake.bench.lake.LiveLake.Asked;
import dev.tenantlake.bench.report.Conditions;
import dev.tenantlake.bench.report.Figure;
import dev.tenantlake.bench.report.Percentiles;
import dev.tenantlake.bench.report.RowResult;
import dev.tenantlake.bench.report.Table;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Asks the same questions of silver and gold as they are and of what they are about to be ({@code query --live}), one
 * after the other under the shop's traffic, as somebody at a terminal does.
 */
final class LiveRow {

    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss[.SSSSSS]");

    private static final String NEWEST = "newest order in silver";

    /** By what they are called, what the query command is told. */
    private static final Map<String, List<String>> QUESTIONS = questions();

    /** By question, what was asked of the present and live. */
    private final Map<String, List<Asked>> present = new LinkedHashMap<>();

    private final Map<String, List<Asked>> live = new LinkedHashMap<>();
    private final List<Double> ageOfPresent = new ArrayList<>();
    private final List<Double> ageOfLive = new ArrayList<>();

    private static Map<String, List<String>> questions() {
        Map<String, List<String>> questions = new LinkedHashMap<>();
        questions.put(NEWEST, List.of("--sql", "SELECT max(_committed_at) FROM silver.orders"));
        questions.put(
                "orders by status", List.of("--sql", "SELECT status, count(*) FROM silver.orders GROUP BY status"));
        questions.put("revenue_by_tenant", List.of("revenue_by_tenant"));
        questions.put("conversion_funnel", List.of("conversion_funnel"));
        return questions;
    }

    /**
     * Asks.
     *
     * @param tenant the slug of the tenant whose analyst asks
     * @param rounds how often each question
     */
    static LiveRow ask(LiveLake lake, String tenant, int rounds) {
        LiveRow row = new LiveRow();
        for (int i = 0; i < rounds; i++) {
            QUESTIONS.forEach((question, arguments) -> {
                Asked ofPresent = lake.ask(tenant, arguments, false);
                Asked ofLive = lake.ask(tenant, arguments, true);
                row.present
                        .computeIfAbsent(question, first -> new ArrayList<>())
                        .add(ofPresent);
                row.live.computeIfAbsent(question, first -> new ArrayList<>()).add(ofLive);
                if (question.equals(NEWEST)) {
                    row.ageOfPresent.add(age(ofPresent));
                    row.ageOfLive.add(age(ofLive));
                }
            });
        }
        return row;
    }

    /** Seconds from the commit of what is newest in the answer until the answer was there. */
    private static double age(Asked asked) {
        Instant newest = LocalDateTime.parse(asked.lastLine(), TIMESTAMP).toInstant(ZoneOffset.UTC);
        return Duration.between(newest, asked.at()).toNanos() / 1e9;
    }

    RowResult result(String name, Conditions conditions) {
        Percentiles ofPresent = Percentiles.of(ageOfPresent);
        Percentiles ofLive = Percentiles.of(ageOfLive);
        List<Figure> figures = List.of(
                Figure.of("age of the newest order, live, p50", ofLive.p50(), "s", Optional.empty()),
                Figure.of("and without, p50", ofPresent.p50(), "s", Optional.empty()));
        List<List<String>> rows = new ArrayList<>();
        QUESTIONS
                .keySet()
                .forEach(question ->
                        rows.add(Stream.of(Stream.of(question), cells(present.get(question)), cells(live.get(question)))
                                .flatMap(cells -> cells)
                                .toList()));
        return new RowResult(
                name,
                "silver and gold with what bronze has beyond them (`query --live`), at " + LiveRows.RATE
                        + " transactions/s",
                "silver and gold as they are",
                figures,
                List.of(),
                List.of(
                        new Table(
                                "Seconds of a query, and what it reads; medians",
                                List.of("", "as it is, s", "bytes", "live, s", "bytes"),
                                rows),
                        new Table(
                                "Seconds from the commit of the newest order in an answer until the answer",
                                List.of("", "p50", "highest"),
                                List.of(
                                        List.of(
                                                "as it is",
                                                FreshnessRow.seconds(ofPresent.p50()),
                                                FreshnessRow.seconds(ofPresent.highest())),
                                        List.of(
                                                "live",
                                                FreshnessRow.seconds(ofLive.p50()),
                                                FreshnessRow.seconds(ofLive.highest()))))),
                List.of(
                        "Asked by `./tenantlake query` as the analyst of the probes' tenant, right after the watch and"
                                + " under the same traffic, " + ageOfLive.size() + " times each, once as it is and once"
                                + " live by turns. Seconds and bytes are what the command says of Athena's query; the"
                                + " start of the command and the look at the manifests are in the second table alone.",
                        "Live, a table of gold is computed from silver, whole."),
                List.of(),
                conditions);
    }

    private static Stream<String> cells(List<Asked> asked) {
        return Stream.of(
                FreshnessRow.seconds(
                        Percentiles.of(asked.stream().map(Asked::seconds).toList())
                                .p50()),
                String.format(
                        Locale.ROOT,
                        "%,.0f",
                        Percentiles.of(asked.stream().map(Asked::bytes).toList())
                                .p50()));
    }
}
