package dev.tenantlake.control.demo;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.demo.DemoReport.Freshness;
import dev.tenantlake.control.demo.DemoReport.Outcome;
import dev.tenantlake.control.demo.DemoReport.Question;
import dev.tenantlake.control.lake.Barrier;
import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.RunningLake;
import dev.tenantlake.control.reconciliation.Comparison;
import dev.tenantlake.control.reconciliation.FiguredTable;
import dev.tenantlake.control.reconciliation.Reconciliation;
import dev.tenantlake.control.report.Machine;
import dev.tenantlake.control.run.LakeStart;
import dev.tenantlake.control.run.LaunchOptions;
import dev.tenantlake.control.run.Modules;
import dev.tenantlake.control.run.Stage;
import dev.tenantlake.control.terminal.Terminal;
import dev.tenantlake.model.AthenaSession;
import dev.tenantlake.model.AthenaSession.Answer;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.Principal;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;

/**
 * The main job from nothing to a reconciled answer: a shop is filled, its rows go all the way to gold, two analysts and the
 * administrator ask the same question, an order is placed and seen, and the lake is compared with its source.
 */
public final class Demo {

    private static final Duration START = Duration.ofMinutes(20);
    private static final Duration CATCH_UP = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Modules modules;
    private final DataDirectory directory;
    private final DemoRequest request;
    private final PrintWriter out;
    private final Terminal terminal;
    private final Instant startedAt = Instant.now();
    private final long start = System.nanoTime();
    private final List<String> mismatches = new ArrayList<>();
    private final StageBoard stages;

    private Optional<Question> question = Optional.empty();
    private Optional<Freshness> freshness = Optional.empty();
    private List<Comparison> comparisons = List.of();
    private OptionalLong quarantined = OptionalLong.empty();

    /**
     * @param directory empty, and for this demo alone
     * @param out gets the stages and the answers
     * @param terminal gets what is being waited for
     */
    public Demo(Modules modules, DataDirectory directory, DemoRequest request, PrintWriter out, Terminal terminal) {
        this.modules = requireNonNull(modules, "modules");
        this.directory = requireNonNull(directory, "directory");
        this.request = requireNonNull(request, "request");
        this.out = requireNonNull(out, "out");
        this.terminal = requireNonNull(terminal, "terminal");
        this.stages = new StageBoard(directory, this::say);
    }

    /**
     * Carries the demo through, and writes its report; the lake is left running.
     *
     * @throws LakeException of kind {@code MISMATCH} if something did not hold, which was said line by line before; of
     *     another kind if it could not be carried through
     */
    public void run() throws SQLException {
        try {
            carryThrough();
        } catch (RuntimeException | SQLException e) {
            report(Outcome.FAILED, Optional.of(String.valueOf(e.getMessage())));
            throw e;
        } finally {
            stages.close();
        }
        report(mismatches.isEmpty() ? Outcome.RECONCILED : Outcome.MISMATCH, Optional.empty());
        say("");
        mismatches.forEach(line -> say("  MISMATCH " + line));
        if (!mismatches.isEmpty()) {
            throw new LakeException(
                    LakeException.Kind.MISMATCH,
                    "the lake does not agree with its source in " + mismatches.size() + " places, named above");
        }
        say(String.format(
                Locale.ROOT,
                "Everything holds: %d tables agree with the source in every column; %s in all.",
                comparisons.size(),
                Terminal.seconds(sinceStart())));
    }

    private void carryThrough() throws SQLException {
        LakeStart lakeStart = new LakeStart(modules, directory, stages::done, terminal::waitingFor);
        lakeStart.launch(new LaunchOptions(0, Optional.of(request.seed()), false, false, !request.keep()));
        RunningLake lake = lakeStart.await(START);
        stages.awaitAll();
        try (AwsClients admin = lake.adminClients();
                Connection source = lake.connect();
                AthenaSession asAdmin = new AthenaSession(admin, new Principal.Admin())) {
            DemoTenants tenants = DemoTenants.choose(source);
            try (AthenaSession first = new AthenaSession(
                            admin, new Principal.Analyst(tenants.first().slug()));
                    AthenaSession second = new AthenaSession(
                            admin, new Principal.Analyst(tenants.second().slug()))) {
                askTheSame(source, tenants, List.of(first, second), asAdmin);
                placeAnOrder(source, tenants, first, second);
            }
            reconcile(admin, source, asAdmin);
        }
        stages.awaitAll();
    }

    private void askTheSame(Connection source, DemoTenants tenants, List<AthenaSession> analysts, AthenaSession asAdmin)
            throws SQLException {
        terminal.waitingFor("the answers of Athena");
        Instant from = Instant.now();
        MonthQuestion month = MonthQuestion.ofLastFullMonth(source);
        List<Answer> answers = new ArrayList<>();
        for (AthenaSession analyst : analysts) {
            answers.add(analyst.ask(month.sql()));
        }
        Answer ofAdmin = asAdmin.ask(month.sql());
        answers.add(ofAdmin);
        question = Optional.of(new Question(month.sql(), answers));
        mismatches.addAll(month.check(source, tenants, answers.get(0), answers.get(1), ofAdmin));
        done("answers", from, OptionalLong.empty(), "the same SQL as two analysts and as admin");
        stages.awaitAll();
        say("");
        say("The same SQL, asked as three principals:");
        month.sql().lines().forEach(line -> say("    " + line));
        for (Answer answer : answers) {
            say(String.format(Locale.ROOT, "  as %s (%.1f s)", answer.principal(), answer.millis() / 1000.0));
            TextTable.lines(answer.columns(), answer.rows()).forEach(this::say);
        }
        say("");
    }

    private void placeAnOrder(Connection source, DemoTenants tenants, AthenaSession own, AthenaSession other)
            throws SQLException {
        Instant from = Instant.now();
        ShopOrder order = ShopOrder.place(source, tenants.first().id());
        terminal.waitingFor("the order that was just placed to be seen");
        String inSilver = "select id, status, total_amount from silver.orders where id = " + order.id();
        Answer seen = poll(own, inSilver, answer -> !answer.rows().isEmpty(), "silver.orders does not hold the order");
        double silverSeconds = since(order);
        BigDecimal total = new BigDecimal(seen.rows().get(0).get(2));
        if (total.compareTo(order.total()) != 0) {
            mismatches.add("order " + order.id() + ": its total is " + order.total() + " in the source, " + total
                    + " in silver.orders");
        }
        BigDecimal revenue = order.revenueOfItsDay(source);
        String inGold = "select revenue from gold.revenue_daily where month = '" + YearMonth.from(order.day())
                + "' and day = date '" + order.day() + "' and currency = '" + order.currency() + "'";
        poll(
                own,
                inGold,
                answer -> !answer.rows().isEmpty() && new BigDecimal(answer.single()).compareTo(revenue) == 0,
                "gold.revenue_daily does not come to " + revenue + " " + order.currency() + " for " + order.day());
        double goldSeconds = since(order);
        long rowsForOther = other.ask(inSilver).rows().size();
        if (rowsForOther > 0) {
            mismatches.add("order " + order.id() + " of " + tenants.first().slug() + " is shown to the analyst of "
                    + tenants.second().slug());
        }
        freshness = Optional.of(new Freshness(
                tenants.first().slug(),
                order.id(),
                silverSeconds,
                goldSeconds,
                tenants.second().slug(),
                rowsForOther));
        done("new order", from, OptionalLong.of(1), "from its commit to gold");
        stages.awaitAll();
        say("");
        say(String.format(
                Locale.ROOT,
                "Order %d of %s, placed through the shop's tables: its analyst had it from silver after %.1f s and in"
                        + " gold's revenue after %.1f s; the analyst of %s sees %s.",
                order.id(),
                tenants.first().slug(),
                silverSeconds,
                goldSeconds,
                tenants.second().slug(),
                rowsForOther == 0 ? "nothing of it" : rowsForOther + " rows of it"));
        say("");
    }

    private void reconcile(AwsClients admin, Connection source, AthenaSession asAdmin) {
        Instant from = Instant.now();
        terminal.waitingFor("the lake to hold everything");
        Barrier.commit(admin, source)
                .await(CATCH_UP, progress -> progress.behind().ifPresent(terminal::waitingFor));
        terminal.waitingFor("the figures of every table");
        comparisons = new Reconciliation(source, asAdmin).compare(FiguredTable.all());
        quarantined = OptionalLong.of(quarantinedRows(admin, asAdmin));
        comparisons.forEach(comparison -> mismatches.addAll(comparison.mismatches()));
        long rows = comparisons.stream()
                .mapToLong(comparison -> comparison.lake().rows())
                .sum();
        done("reconciliation", from, OptionalLong.of(rows), "count, sums and a hash over all columns of every table");
        stages.awaitAll();
        say("");
        say("Every table, source against lake:");
        List<List<String>> lines = comparisons.stream()
                .map(comparison -> List.of(
                        comparison.table(),
                        Long.toString(comparison.source().rows()),
                        Long.toString(comparison.lake().rows()),
                        Integer.toString(comparison.lake().sums().size()),
                        comparison.lake().hash().toPlainString(),
                        comparison.holds() ? "agree" : "DIFFER"))
                .toList();
        TextTable.lines(List.of("table", "source rows", "lake rows", "sums", "hash in the lake", ""), lines)
                .forEach(this::say);
        say("    silver.quarantine: " + quarantined.getAsLong() + " rows that broke a rule");
    }

    /** The table is made with the first row that breaks a rule. */
    private static long quarantinedRows(AwsClients admin, AthenaSession asAdmin) {
        try (GlueClient glue = admin.glue()) {
            glue.getTable(get -> get.databaseName(Layer.SILVER.database()).name("quarantine"));
        } catch (EntityNotFoundException e) {
            return 0;
        }
        return Long.parseLong(
                asAdmin.ask("select count(*) from silver.quarantine").single());
    }

    private Answer poll(AthenaSession session, String sql, Predicate<Answer> shown, String otherwise) {
        long deadline = System.nanoTime() + CATCH_UP.toNanos();
        while (true) {
            Answer answer = session.ask(sql);
            if (shown.test(answer)) {
                return answer;
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new LakeException(
                        LakeException.Kind.TIMEOUT,
                        "after " + CATCH_UP.toSeconds() + " s " + otherwise + "; see the logs in " + directory.logs());
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private void done(String name, Instant from, OptionalLong rows, String detail) {
        stages.done(new Stage(name, Duration.between(from, Instant.now()), sinceStart(), detail), rows);
    }

    private static double since(ShopOrder order) {
        return DemoReport.seconds(Duration.ofNanos(System.nanoTime() - order.committedNanos()));
    }

    private Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void say(String line) {
        terminal.clear();
        out.println(line);
        out.flush();
    }

    private void report(Outcome outcome, Optional<String> failure) {
        if (request.report().isEmpty()) {
            return;
        }
        new DemoReport(
                        outcome,
                        failure,
                        request.seed().scale().toString(),
                        request.seed().seed(),
                        Machine.current(),
                        startedAt,
                        DemoReport.seconds(sinceStart()),
                        stages.shown(),
                        question,
                        freshness,
                        comparisons,
                        quarantined,
                        mismatches)
                .write(request.report().get());
    }
}
