package dev.tenantlake.control.demo;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.demo.DemoReport.StageReport;
import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.RunningLake;
import dev.tenantlake.control.reconciliation.FiguredTable;
import dev.tenantlake.control.run.Stage;
import dev.tenantlake.model.AthenaSession;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.Principal;
import dev.tenantlake.model.SourceTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Shows each stage as it is done, with its rows. They are counted in a thread of its own, so that a count, which may have
 * to wait for the query engine, does not hold up the watching of the other stages.
 */
final class StageBoard implements AutoCloseable {

    private final DataDirectory directory;
    private final Consumer<String> lines;
    private final List<StageReport> reports = new ArrayList<>();
    private final ExecutorService counting = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "stages");
        thread.setDaemon(true);
        return thread;
    });
    private Optional<Future<?>> last = Optional.empty();

    StageBoard(DataDirectory directory, Consumer<String> lines) {
        this.directory = requireNonNull(directory, "directory");
        this.lines = requireNonNull(lines, "lines");
        lines.accept(String.format(Locale.ROOT, "  %-16s %9s %9s %11s", "stage", "took", "at", "rows"));
    }

    /** A stage of the lake's start is done; its rows are to be counted. */
    void done(Stage stage) {
        last = Optional.of(counting.submit(() -> show(stage, count(stage.name()))));
    }

    /** A stage is done that is not about rows, or whose rows are known. */
    void done(Stage stage, OptionalLong rows) {
        last = Optional.of(counting.submit(() -> show(stage, rows)));
    }

    /** Returns when all stages so far are shown. */
    List<StageReport> awaitAll() {
        try {
            if (last.isPresent()) {
                last.get().get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
        return shown();
    }

    /** The stages that are shown by now. */
    synchronized List<StageReport> shown() {
        return List.copyOf(reports);
    }

    private void show(Stage stage, OptionalLong rows) {
        synchronized (this) {
            reports.add(new StageReport(
                    stage.name(), DemoReport.seconds(stage.took()), DemoReport.seconds(stage.at()), rows));
        }
        lines.accept(String.format(
                Locale.ROOT,
                "  %-16s %7.1f s %7.1f s %11s  %s",
                stage.name(),
                DemoReport.seconds(stage.took()),
                DemoReport.seconds(stage.at()),
                rows.isPresent() ? String.format(Locale.ROOT, "%,d", rows.getAsLong()) : "",
                stage.detail()));
    }

    private OptionalLong count(String stage) {
        RunningLake lake = RunningLake.require(directory);
        return switch (stage) {
            case "seed" -> OptionalLong.of(sourceRows(lake));
            case "bronze" -> bronzeRows(lake);
            case "silver" ->
                OptionalLong.of(athenaRows(
                        lake, SourceTable.ALL.stream().map(table -> Layer.SILVER.database() + "." + table.name())));
            case "gold" ->
                OptionalLong.of(athenaRows(lake, FiguredTable.ofGold().stream().map(FiguredTable::name)));
            default -> OptionalLong.empty();
        };
    }

    private static long sourceRows(RunningLake lake) {
        String sql = counts(SourceTable.ALL.stream().map(SourceTable::qualifiedName));
        try (Connection source = lake.connect();
                Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new LakeException(LakeException.Kind.UNAVAILABLE, "Postgres does not answer: " + e.getMessage(), e);
        }
    }

    private static OptionalLong bronzeRows(RunningLake lake) {
        try (AwsClients clients = lake.adminClients();
                S3Client s3 = clients.s3()) {
            Optional<EpochManifest> snapshot = new EpochLog(s3, clients.config().layout()).read(1);
            return snapshot.isPresent() ? OptionalLong.of(snapshot.get().rows()) : OptionalLong.empty();
        }
    }

    /** Waits in Athena's queue while the query engine starts. */
    private static long athenaRows(RunningLake lake, Stream<String> tables) {
        try (AwsClients clients = lake.adminClients();
                AthenaSession athena = new AthenaSession(clients, new Principal.Admin())) {
            return Long.parseLong(athena.ask(counts(tables)).single());
        }
    }

    private static String counts(Stream<String> tables) {
        return tables.map(table -> "select count(*) as counted from " + table)
                .collect(Collectors.joining(" union all ", "select sum(counted) from (", ") tables"));
    }

    @Override
    public void close() {
        counting.shutdownNow();
    }
}
