package dev.tenantlake.control.chaos;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.RunningLake;
import dev.tenantlake.control.process.ProcessEnd;
import dev.tenantlake.control.process.ProcessIdentity;
import dev.tenantlake.control.run.LakeStart;
import dev.tenantlake.control.run.LaunchOptions;
import dev.tenantlake.control.run.Modules;
import dev.tenantlake.model.AthenaSession;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Principal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Strikes a running lake round after round: under traffic, processes are killed at moments that chance chooses; then the
 * traffic ends, and when gold holds all of it, the lake is compared with the source.
 */
public final class ChaosRun {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration TRAFFIC_BEFORE = Duration.ofSeconds(2);
    private static final Duration TRAFFIC_AFTER = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Modules modules;
    private final DataDirectory directory;
    private final ChaosPlan plan;
    private final Consumer<String> lines;
    private final Consumer<ChaosReport> reports;
    private final Consumer<String> waitingFor;
    private final Recovery recovery;
    private final Tally tally;
    private CountCheck counts;
    private final Set<Long> acknowledged = OwnTraffic.acknowledgements();
    /** What the lake held before is not in the ledger. */
    private long begunAfterEpoch;

    private long begunAfterEntry;
    private long comparedEpoch;
    private long comparedEntry;

    /**
     * @param directory of a lake that runs, whose shop is filled, and whose Postgres is durable
     * @param lines is told each round as it ends
     * @param reports gets the report of all rounds so far as each ends, so that whatever ends the run leaves one
     * @param waitingFor is told what is being waited for, for a person
     */
    public ChaosRun(
            Modules modules,
            DataDirectory directory,
            ChaosPlan plan,
            Consumer<String> lines,
            Consumer<ChaosReport> reports,
            Consumer<String> waitingFor) {
        this.modules = requireNonNull(modules, "modules");
        this.directory = requireNonNull(directory, "directory");
        this.plan = requireNonNull(plan, "plan");
        this.lines = requireNonNull(lines, "lines");
        this.reports = requireNonNull(reports, "reports");
        this.waitingFor = requireNonNull(waitingFor, "waitingFor");
        this.recovery = new Recovery(directory, PATIENCE, waitingFor);
        this.tally = new Tally(plan);
    }

    /** Goes through all rounds, unless a lake does not come back; gives the report of those that there were. */
    public ChaosReport run() throws SQLException {
        List<List<Strike>> schedule = Strike.schedule(plan.rounds(), plan.seed());
        try {
            begin();
            for (int round = 1; round <= schedule.size(); round++) {
                round(round, schedule.get(round - 1));
                reports.accept(tally.report());
            }
        } catch (LakeException | SdkException e) {
            tally.failed(String.valueOf(e.getMessage()));
        }
        ChaosReport report = tally.report();
        reports.accept(report);
        return report;
    }

    private void begin() throws SQLException {
        RunningLake lake = RunningLake.require(directory);
        recovery.awaitGold();
        try (Connection source = lake.connect();
                AwsClients clients = lake.adminClients();
                S3Client s3 = clients.s3()) {
            if (!Ledger.isInstalled(source)) {
                Ledger.install(source);
            }
            begunAfterEpoch = new EpochLog(s3, clients.config().layout()).latestEpoch();
            begunAfterEntry = Ledger.lastEntry(source);
            comparedEpoch = begunAfterEpoch;
            comparedEntry = begunAfterEntry;
            counts = new CountCheck(begunAfterEpoch, Ledger.entriesByTable(source));
        }
    }

    private void round(int number, List<Strike> strikes) throws SQLException {
        int wrongBefore = tally.failures();
        List<String> kills = new ArrayList<>();
        long lastKill;
        RunningLake lake = RunningLake.require(directory);
        int port = lake.services().awsEndpoint().getPort();
        waitingFor.accept("round " + number + ": traffic");
        try (OwnTraffic own = OwnTraffic.start(lake, plan.seed() * 1000 + number, acknowledged);
                ShopTraffic shop = ShopTraffic.start(modules, lake, plan.rate(), plan.seed() * 1000 + number)) {
            pause(TRAFFIC_BEFORE);
            lastKill = System.nanoTime();
            for (Strike strike : strikes) {
                String struck = strike(strike, port);
                // One that was struck before may just have ended the others.
                if (!struck.isEmpty()) {
                    kills.add(struck);
                }
                lastKill = System.nanoTime();
            }
            for (Victim victim : Victim.values()) {
                awaitRunning(victim);
            }
            pause(TRAFFIC_AFTER);
        }
        recovery.awaitGold();
        double seconds = Tally.seconds(Duration.ofNanos(System.nanoTime() - lastKill));
        boolean last = number == plan.rounds();
        boolean full = last || number % plan.fullEvery() == 0;
        long transactions = compare(full, last);
        ChaosReport.Round round = new ChaosReport.Round(
                number,
                kills,
                seconds,
                transactions,
                last ? "everything" : full ? "new transactions and all rows" : "counts",
                tally.failures() - wrongBefore);
        tally.round(round);
        lines.accept(String.format(
                "round %d of %d: killed %s; whole again after %.1f s; %,d transactions so far; compared %s: %s",
                number,
                plan.rounds(),
                String.join(", ", kills),
                seconds,
                transactions,
                round.compared(),
                round.wrong() == 0 ? "nothing wrong" : round.wrong() + " WRONG"));
    }

    /** Kills all victims of a strike at once; says whom. */
    private String strike(Strike strike, int port) {
        waitingFor.accept("the moment to kill " + names(strike.victims()));
        List<ProcessIdentity> processes = new ArrayList<>();
        for (Victim victim : strike.victims()) {
            awaitRunning(victim);
        }
        pause(strike.after());
        List<Victim> hit = new ArrayList<>();
        for (Victim victim : strike.victims().stream().sorted().toList()) {
            victim.find(directory).ifPresent(process -> {
                processes.add(process);
                hit.add(victim);
            });
        }
        processes.forEach(process -> process.find().ifPresent(ProcessHandle::destroyForcibly));
        processes.forEach(process -> ProcessEnd.await(process, PATIENCE));
        hit.forEach(tally::killed);
        if (hit.contains(Victim.SUPERVISOR)) {
            // As a person does; it clears away what the killed supervisor left.
            new LakeStart(modules, directory, stage -> {}, waitingFor)
                    .launch(new LaunchOptions(port, Optional.empty(), true, false, true));
        }
        return names(hit);
    }

    private void awaitRunning(Victim victim) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (victim.find(directory).isEmpty()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new LakeException(
                        LakeException.Kind.TIMEOUT,
                        victim.process() + " was not started again within " + PATIENCE.toSeconds() + " s");
            }
            pause(POLL);
        }
    }

    /** Compares the lake with the source; gives how many transactions the source has. */
    private long compare(boolean full, boolean everything) throws SQLException {
        RunningLake lake = full ? recovery.awaitAthena() : RunningLake.require(directory);
        waitingFor.accept("the comparison");
        try (Connection source = lake.connect();
                AwsClients clients = lake.adminClients();
                S3Client s3 = clients.s3()) {
            counts.compare(new EpochLog(s3, clients.config().layout()), source).forEach(tally::failed);
            if (full) {
                try (AthenaSession athena = new AthenaSession(clients, new Principal.Admin())) {
                    tally.compared(
                            new TransactionCheck(source, athena)
                                    .compare(
                                            everything ? begunAfterEpoch : comparedEpoch,
                                            everything ? begunAfterEntry : comparedEntry),
                            everything);
                    tally.compared(new RowCheck(source, athena).compare());
                }
                comparedEpoch = counts.epoch();
                comparedEntry = Ledger.lastEntry(source);
            }
            long written = Ledger.transactions(source);
            tally.source(
                    written,
                    acknowledged.size(),
                    Ledger.missing(source, acknowledged).size());
            return written;
        }
    }

    private static String names(Iterable<Victim> victims) {
        List<String> names = new ArrayList<>();
        victims.forEach(victim -> names.add(victim.process()));
        return names.stream().sorted().collect(Collectors.joining(" + "));
    }

    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (end - System.nanoTime() > 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
