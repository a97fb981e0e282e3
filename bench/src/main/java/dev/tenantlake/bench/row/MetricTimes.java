package dev.tenantlake.bench.row;

import dev.tenantlake.bench.lake.LakeAddress;
import dev.tenantlake.bench.lake.LiveLake;
import dev.tenantlake.bench.lake.MetricQuestion;
import dev.tenantlake.bench.process.ProcessorUse;
import dev.tenantlake.bench.report.Aim;
import dev.tenantlake.bench.report.Conditions;
import dev.tenantlake.bench.report.Figure;
import dev.tenantlake.bench.report.Percentiles;
import dev.tenantlake.bench.report.RowResult;
import dev.tenantlake.bench.report.Table;
import dev.tenantlake.model.AthenaSession;
import dev.tenantlake.model.AthenaSession.Answer;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Principal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How long each metric's answer takes through the Athena API, for the administrator and for a tenant's analyst. */
public final class MetricTimes implements Measurement {

    static final String ROW = "metrics";

    private static final Aim AIM = Aim.atMost(2, "s");
    /** All are asked so often before an answer counts, until the query engine has compiled what it runs most. */
    private static final int WARM_UP_ROUNDS = 2;

    private static final String LARGEST_TENANT = """
            select t.slug from shop.tenants t join shop.events e on e.tenant_id = t.id
             group by t.slug order by count(*) desc, t.slug limit 1
            """;

    /** What somebody's questions took. */
    private static final class Asked {

        /** By metric, of each round. */
        private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

        /** By metric, of the last round. */
        private final Map<String, Long> scannedBytes = new LinkedHashMap<>();

        void add(String metric, Answer answer) {
            seconds.computeIfAbsent(metric, first -> new ArrayList<>()).add(answer.millis() / 1000.0);
            scannedBytes.put(metric, answer.scannedBytes());
        }

        Percentiles of(String metric) {
            return Percentiles.of(seconds.get(metric));
        }

        long scannedBytes(String metric) {
            return scannedBytes.get(metric);
        }

        /** The metric that takes longest, by its 95th percentile. */
        String slowest() {
            return seconds.keySet().stream()
                    .max(Comparator.comparingDouble(metric -> of(metric).p95()))
                    .orElseThrow();
        }
    }

    @Override
    public List<String> rows() {
        return List.of(ROW);
    }

    @Override
    public List<RowResult> measure(Set<String> wanted, Stage stage) {
        Conditions conditions = stage.conditions();
        stage.closeLake();
        stage.say("a lake that is up, with its shop filled");
        try (LiveLake lake = LiveLake.start(
                stage.checkout(), stage.workspace(), stage.sizes().metricRows(), Stage.TENANTS)) {
            List<MetricQuestion> questions = lake.metrics();
            String tenant = largestTenant(lake.address());
            Asked administrators = new Asked();
            Asked analysts = new Asked();
            String use;
            try (AwsClients clients = lake.address().adminClients();
                    AthenaSession administrator = new AthenaSession(clients, new Principal.Admin());
                    AthenaSession analyst = new AthenaSession(clients, new Principal.Analyst(tenant))) {
                stage.say(questions.size() + " metrics, to warm up");
                for (int round = 0; round < WARM_UP_ROUNDS; round++) {
                    ask(questions, administrator, new Asked());
                    ask(questions, analyst, new Asked());
                }
                try (ProcessorUse watched = ProcessorUse.of(lake.processes())) {
                    for (int round = 1; round <= stage.sizes().metricRounds(); round++) {
                        stage.say("metrics, round " + round);
                        ask(questions, administrator, administrators);
                        ask(questions, analyst, analysts);
                    }
                    use = watched.end();
                }
            }
            // Fails if a service has died meanwhile.
            lake.processes();
            return List.of(result(stage, questions, tenant, administrators, analysts, use, conditions));
        }
    }

    private static void ask(List<MetricQuestion> questions, AthenaSession asking, Asked asked) {
        questions.forEach(question -> asked.add(question.name(), asking.ask(question.sql(), question.parameters())));
    }

    private static String largestTenant(LakeAddress address) {
        try (Connection source = address.connect();
                Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery(LARGEST_TENANT)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "the shop does not say which tenant is its largest: " + e.getMessage(),
                    e);
        }
    }

    private static RowResult result(
            Stage stage,
            List<MetricQuestion> questions,
            String tenant,
            Asked administrators,
            Asked analysts,
            String use,
            Conditions conditions) {
        return new RowResult(
                ROW,
                "a metric asked for through the Athena API → its last row, warm",
                "the clock",
                List.of(slowest("administrator", administrators), slowest("analyst", analysts)),
                List.of(),
                List.of(
                        table("As the administrator, over all tenants", questions, administrators),
                        table("As the analyst of the largest tenant, " + tenant, questions, analysts)),
                List.of(
                        String.format(
                                Locale.ROOT,
                                "A lake that is up and in which nothing changes, on a shop of %,d rows and %d tenants."
                                        + " Each of the %d metrics is asked for with its default parameters, one at a"
                                        + " time, all of them in turn, %d times after %d rounds that do not count.",
                                stage.sizes().metricRows(),
                                Stage.TENANTS,
                                questions.size(),
                                stage.sizes().metricRounds(),
                                WARM_UP_ROUNDS),
                        String.format(
                                Locale.ROOT,
                                "The time runs from StartQueryExecution until the last row of GetQueryResults; the state"
                                        + " is polled for every %.2f s, and a wait of up to that much is in it. Nothing"
                                        + " reuses a result. Of fewer than 20 times the 95th percentile is the highest.",
                                AthenaSession.POLL.toMillis() / 1000.0)),
                List.of(use),
                conditions);
    }

    private static Figure slowest(String who, Asked asked) {
        String metric = asked.slowest();
        return Figure.of(
                who + "'s slowest metric, " + metric + ", p95", asked.of(metric).p95(), "s", Optional.of(AIM));
    }

    private static Table table(String title, List<MetricQuestion> questions, Asked asked) {
        return new Table(
                title,
                List.of("metric", "p50, s", "p95, s", "highest, s", "bytes scanned", AIM.text()),
                questions.stream()
                        .map(MetricQuestion::name)
                        .map(metric -> row(metric, asked.of(metric), asked.scannedBytes(metric)))
                        .toList());
    }

    private static List<String> row(String metric, Percentiles seconds, long scannedBytes) {
        return List.of(
                metric,
                FreshnessRow.seconds(seconds.p50()),
                FreshnessRow.seconds(seconds.p95()),
                FreshnessRow.seconds(seconds.highest()),
                String.format(Locale.ROOT, "%,d", scannedBytes),
                AIM.verdict(seconds.p95()));
    }
}
