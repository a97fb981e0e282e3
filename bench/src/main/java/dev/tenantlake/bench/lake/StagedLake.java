package dev.tenantlake.bench.lake;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.bench.process.ProcessorUse;
import dev.tenantlake.bench.process.RunningProcess;
import dev.tenantlake.bench.process.Workspace;
import dev.tenantlake.bench.spark.PlainSparkWrite;
import dev.tenantlake.cli.Checkout;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LayerPositions;
import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A lake whose services are started and stopped one by one, as a measurement needs them: Postgres, S3 and Glue, the
 * shop, the ingest and the jobs; without Athena's engine. Each runs as {@code up} runs it.
 */
public final class StagedLake implements AutoCloseable {

    /** What the ingest calls its slot unless it is told otherwise. */
    private static final String SLOT = "tenantlake";

    /** As {@code up} has them for processes that have much to do. */
    private static final List<String> BUSY = List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xmx512m");

    private static final List<String> LIGHT =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx384m");

    private static final Duration TO_START = Duration.ofMinutes(2);
    private static final Duration TO_LOAD = Duration.ofMinutes(20);
    private static final Duration TO_SEED = Duration.ofMinutes(20);
    private static final int DELETED_AT_ONCE = 500;

    private final Checkout checkout;
    private final Workspace workspace;
    private final RunningProcess localAws;
    private final LakeAddress address;
    private final AwsClients clients;
    private final S3Client s3;
    private final long rows;

    private Optional<RunningProcess> ingest = Optional.empty();
    private Optional<RunningProcess> jobs = Optional.empty();

    private StagedLake(
            Checkout checkout, Workspace workspace, RunningProcess localAws, LakeAddress address, long rows) {
        this.checkout = checkout;
        this.workspace = workspace;
        this.localAws = localAws;
        this.address = address;
        this.rows = rows;
        this.clients = address.adminClients();
        this.s3 = clients.s3();
    }

    /**
     * Starts Postgres, S3 and Glue, and fills the shop.
     *
     * @param rows about how many, over all tables
     * @param tenants among which they are divided
     */
    public static StagedLake start(Checkout checkout, Workspace workspace, long rows, int tenants) {
        requireNonNull(checkout, "checkout");
        String folder = "lake-" + rows;
        Path directory = workspace.folder(folder);
        workspace.folder(folder + "/tmp");
        RunningProcess localAws = workspace.start(
                "local-aws",
                checkout.java(
                        "local-aws",
                        directory,
                        LIGHT,
                        List.of(
                                "dev.tenantlake.local.LocalAws",
                                "run",
                                "--data-dir",
                                directory.toString(),
                                "--port",
                                "0",
                                "--no-query-engine"),
                        Map.of()));
        LakeAddress address = localAws.await("answered", TO_START, () -> LakeAddress.find(directory));
        StagedLake lake = new StagedLake(checkout, workspace, localAws, address, rows);
        workspace.keep(lake);
        lake.seed(tenants);
        return lake;
    }

    private void seed(int tenants) {
        List<String> command = List.of(
                "dev.tenantlake.source.SourceApp",
                "seed",
                "--rows",
                Long.toString(rows),
                "--tenants",
                Integer.toString(tenants),
                "--output",
                "json");
        try (RunningProcess seed = workspace.start(
                "seed",
                checkout.java("source-app", address.dataDirectory(), BUSY, command, address.sourceEnvironment()))) {
            seed.awaitSuccess(TO_SEED);
        }
        // The log that the seed wrote is put away now, and not in the middle of a measurement.
        try (Connection connection = address.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        } catch (SQLException e) {
            throw new LakeException(
                    LakeException.Kind.UNAVAILABLE, "no checkpoint could be made: " + e.getMessage(), e);
        }
    }

    public LakeAddress address() {
        return address;
    }

    /** About how many rows it was asked to be filled with. */
    public long askedRows() {
        return rows;
    }

    public EpochLog epochs() {
        return new EpochLog(s3, clients.config().layout());
    }

    public LayerPositions positions() {
        return new LayerPositions(s3, clients.config().layout());
    }

    /** The processes whose use of the processor is of interest: those that run now, and Postgres and S3. */
    public Map<String, List<Long>> processes() {
        Map<String, List<Long>> processes = new LinkedHashMap<>();
        ingest.ifPresent(process -> processes.put("cdc-ingest", List.of(process.pid())));
        jobs.ifPresent(process -> processes.put("etl-jobs", List.of(process.pid())));
        processes.put("Postgres", List.of(address.postmaster()));
        processes.put("local-aws", List.of(localAws.pid()));
        return processes;
    }

    /** Starts the ingest, which loads the shop if bronze is empty. */
    public RunningProcess startIngest() {
        RunningProcess process = workspace.start(
                "cdc-ingest",
                checkout.java(
                        "cdc-ingest",
                        address.dataDirectory(),
                        BUSY,
                        List.of("dev.tenantlake.ingest.CdcIngest", "run"),
                        address.pipelineEnvironment()));
        ingest = Optional.of(process);
        return process;
    }

    /** Stops the ingest if it runs. */
    public void stopIngest() {
        ingest.ifPresent(this::stop);
        ingest = Optional.empty();
    }

    /** Loads bronze if it is empty; whether the ingest runs then is not said. */
    public EpochManifest ensureBronze() {
        Optional<EpochManifest> loaded = epochs().read(1);
        if (loaded.isPresent()) {
            return loaded.get();
        }
        ensureIngest();
        return ingest.orElseThrow().await("loaded bronze", TO_LOAD, () -> epochs().read(1));
    }

    /** Starts the ingest if it does not run. */
    public void ensureIngest() {
        if (ingest.isEmpty()) {
            startIngest();
        }
    }

    /** Takes everything out of bronze; the ingest must not run. */
    public void clearBronze() {
        clear("bronze/");
        dropSlot(SLOT);
    }

    /** Makes a slot of one's own, which begins here and now. */
    public void makeSlot(String slot) {
        execute("select pg_create_logical_replication_slot(?, 'pgoutput')", slot);
    }

    /** Drops a slot, if it is there. */
    public void dropSlot(String slot) {
        // A process that has ended may seem to read it for a moment.
        execute("""
            select pg_terminate_backend(active_pid, 5000) from pg_replication_slots
             where slot_name = ? and active_pid is not null
            """, slot);
        execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ?", slot);
    }

    private void execute(String sql, String slot) {
        try (Connection connection = address.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, slot);
            statement.execute();
        } catch (SQLException e) {
            throw new LakeException(LakeException.Kind.UNFIT, "slot " + slot + ": " + e.getMessage(), e);
        }
    }

    /** Takes everything out of silver and gold; the jobs must not run. */
    public void clearLayers() {
        clear("silver/");
        clear("gold/");
    }

    /** Removes what the plain write wrote. */
    public void clearPlain() {
        clear("bench-plain/");
    }

    /**
     * A process that has ended well.
     *
     * @param process with what it wrote
     * @param use of the processors, from its start to its end
     */
    public record Run(RunningProcess process, String use) {}

    /** Runs the jobs once, to their end, for silver alone. */
    public Run runSilverOnce() {
        return toItsEnd(startJobs("--mode", "once", "--stage", "silver"));
    }

    /** Runs the application that silver's load is held against. */
    public Run runPlainSparkWrite() {
        String classPath = checkout.classPath("etl-jobs")
                + File.pathSeparator
                + checkout.home().resolve("bench").resolve("target").resolve("classes");
        return toItsEnd(workspace.start(
                "plain-spark-write",
                checkout.javaOn(
                        classPath,
                        address.dataDirectory(),
                        SparkCommand.flags(checkout),
                        SparkCommand.submit(checkout, PlainSparkWrite.class.getName()),
                        address.pipelineEnvironment())));
    }

    private Run toItsEnd(RunningProcess process) {
        jobs = Optional.of(process);
        try (ProcessorUse use = ProcessorUse.of(processes())) {
            process.awaitSuccess(TO_LOAD);
            return new Run(process, use.end());
        } finally {
            stopJobs();
        }
    }

    /** Starts the jobs as {@code up} runs them. */
    public RunningProcess startContinuousJobs() {
        return startJobs("--mode", "continuous", "--stage", "all");
    }

    private RunningProcess startJobs(String... arguments) {
        List<String> command = new ArrayList<>(SparkCommand.submit(checkout, "dev.tenantlake.etl.LakeJob"));
        command.addAll(List.of(arguments));
        RunningProcess process = workspace.start(
                "etl-jobs",
                checkout.java(
                        "etl-jobs",
                        address.dataDirectory(),
                        SparkCommand.flags(checkout),
                        command,
                        address.pipelineEnvironment()));
        jobs = Optional.of(process);
        return process;
    }

    /** Stops the jobs if they run. */
    public void stopJobs() {
        jobs.ifPresent(this::stop);
        jobs = Optional.empty();
    }

    private void stop(RunningProcess process) {
        process.close();
        workspace.forget(process);
    }

    private void clear(String prefix) {
        String bucket = clients.config().bucket();
        List<ObjectIdentifier> batch = new ArrayList<>();
        for (S3Object object : s3.listObjectsV2Paginator(
                        list -> list.bucket(bucket).prefix(prefix))
                .contents()) {
            batch.add(ObjectIdentifier.builder().key(object.key()).build());
            if (batch.size() == DELETED_AT_ONCE) {
                delete(bucket, batch);
            }
        }
        delete(bucket, batch);
    }

    private void delete(String bucket, List<ObjectIdentifier> batch) {
        if (!batch.isEmpty()) {
            List<ObjectIdentifier> keys = List.copyOf(batch);
            s3.deleteObjects(delete -> delete.bucket(bucket).delete(these -> these.objects(keys)));
            batch.clear();
        }
    }

    /** Stops all of it and removes its data. */
    @Override
    public void close() {
        stopJobs();
        stopIngest();
        s3.close();
        clients.close();
        stop(localAws);
        workspace.forget(this);
        workspace.remove(address.dataDirectory());
    }
}
