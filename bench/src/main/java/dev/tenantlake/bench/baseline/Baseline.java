package dev.tenantlake.bench.baseline;

import dev.tenantlake.cli.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.apache.kafka.connect.data.Struct;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What the lake is held against, each in a process of its own with the JVM's flags of what it stands beside. Prints a
 * {@link BaselineResult}. The source is that of libpq's variables.
 */
@Command(name = "baseline", description = "Runs a baseline of the bench and prints rows and seconds as JSON.")
public final class Baseline implements Runnable {

    @Spec
    private picocli.CommandLine.Model.CommandSpec spec;

    /** Does not wait for engines that take their time to end: nothing of theirs is kept. */
    public static void main(String[] arguments) {
        int exitCode = CommandRunner.run(new Baseline(), arguments);
        System.err.flush();
        Runtime.getRuntime().halt(exitCode);
    }

    @Override
    public void run() {
        throw new picocli.CommandLine.ParameterException(
                spec.commandLine(), "expected copy, debezium-snapshot, debezium-stream or pgoutput");
    }

    @Command(name = "copy", description = "COPY in binary form, thrown away.")
    void copy(@Option(names = "--connections", required = true) int connections)
            throws SQLException, InterruptedException {
        new CopyDiscard(source(), connections).run().print();
    }

    @Command(name = "debezium-snapshot", description = "Debezium's snapshot, written to Parquet files.")
    void debeziumSnapshot(
            @Option(names = "--threads", required = true) int threads,
            @Option(names = "--rows", required = true) long rows,
            @Option(names = "--folder", required = true) Path folder)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        long[] count = {0};
        long[] firstNanos = {0};
        ParquetTables tables = new ParquetTables(folder);
        new DebeziumRun(source()).snapshot(threads).run(batch -> {
            for (var event : batch) {
                if (event.record().value() instanceof Struct change
                        && change.schema().field("after") != null) {
                    firstNanos[0] = firstNanos[0] == 0 ? System.nanoTime() : firstNanos[0];
                    tables.write(change.getStruct("source").getString("table"), change.getStruct("after"));
                    count[0]++;
                }
            }
            if (count[0] < rows) {
                return false;
            }
            tables.close();
            return true;
        });
        new BaselineResult(count[0], (System.nanoTime() - firstNanos[0]) / 1e9).print();
    }

    @Command(name = "debezium-stream", description = "Debezium's stream, thrown away.")
    void debeziumStream(
            @Option(names = "--slot", required = true) String slot,
            @Option(names = "--changes", required = true) long changes)
            throws InterruptedException {
        ChangeClock clock = new ChangeClock(changes);
        new DebeziumRun(source()).streaming(slot).run(batch -> {
            int count = 0;
            for (var event : batch) {
                if (event.record().value() instanceof Struct change
                        && change.schema().field("op") != null) {
                    count++;
                }
            }
            clock.count(count);
            return clock.isDone();
        });
        clock.result().print();
    }

    @Command(name = "pgoutput", description = "A bare reader of pgoutput, thrown away.")
    void pgoutput(
            @Option(names = "--slot", required = true) String slot,
            @Option(names = "--changes", required = true) long changes)
            throws SQLException {
        new PgoutputDiscard(source(), slot, changes).run().print();
    }

    private static SourceOptions source() {
        return SourceOptions.from(System.getenv());
    }
}
