package dev.tenantlake.ingest;

import dev.tenantlake.cli.CommandRunner;
import dev.tenantlake.metrics.MetricsEndpoint;
import dev.tenantlake.metrics.MetricsOptions;
import dev.tenantlake.model.AwsClients;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of cdc-ingest. */
@Command(
        name = "cdc-ingest",
        description = "Carries the changes of a Postgres database into the bronze layer of the lake.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {CdcIngest.Run.class, ReloadCommand.class})
public final class CdcIngest {

    private static final Logger LOG = LoggerFactory.getLogger(CdcIngest.class);

    public static void main(String[] arguments) {
        System.exit(CommandRunner.run(new CdcIngest(), arguments));
    }

    /** The service. */
    @Command(
            name = "run",
            description = "Loads the snapshot if the lake has no epoch, then follows the source until SIGTERM.",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            footerHeading =
                    "%nThe source is that of PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSFILE, the lake that of"
                            + " TENANTLAKE_BUCKET and the AWS variables.%n%nExamples:%n",
            footer = {
                "  cdc-ingest run",
                "  cdc-ingest run --epoch-age 5s --epoch-rows 1000000",
                "  PGHOST=db.internal TENANTLAKE_BUCKET=acme-lake cdc-ingest run --slot acme --publication acme"
            })
    static final class Run implements Runnable {

        @Option(
                names = IngestConfig.EPOCH_AGE,
                paramLabel = "DURATION",
                description = "How long an epoch collects transactions. Default: 1s.")
        private String epochAge;

        @Option(
                names = IngestConfig.EPOCH_ROWS,
                paramLabel = "N",
                description = "With so many rows an epoch is cut before its time. Default: 500000.")
        private String epochRows;

        @Option(
                names = IngestConfig.EPOCH_BYTES,
                paramLabel = "SIZE",
                description = "With about so many bytes an epoch is cut before its time. Default: 128MiB.")
        private String epochBytes;

        @Option(
                names = IngestConfig.SLOT,
                paramLabel = "NAME",
                description = "The replication slot; created on first start. Default: tenantlake.")
        private String slot;

        @Option(
                names = IngestConfig.PUBLICATION,
                paramLabel = "NAME",
                description = "The publication, which has to exist. Default: tenantlake.")
        private String publication;

        @Option(
                names = IngestConfig.SNAPSHOT_THREADS,
                paramLabel = "N",
                description = "How many connections read the snapshot. Default: 2.")
        private String snapshotThreads;

        @Option(
                names = IngestConfig.RETRY_FOR,
                paramLabel = "DURATION",
                description = "For how long to try to reach a source or a lake that stopped answering. Default: 10m.")
        private String retryFor;

        @Option(
                names = IngestConfig.PROGRESS_BYTES,
                paramLabel = "SIZE",
                description = "When others wrote so much log and our tables none, write a mark into it, so that the"
                        + " server can remove what is behind. Default: 64MiB.")
        private String progressBytes;

        @Option(
                names = IngestConfig.UNREPRESENTABLE,
                paramLabel = "stop|null",
                description = "What becomes of a value that its column in the lake cannot hold, such as NaN in a"
                        + " numeric(12,2): stop, or store null with a warning for each. Default: stop.")
        private String unrepresentable;

        @Option(
                names = IngestConfig.ON_LOST_SLOT,
                paramLabel = "resnapshot|stop",
                description = "What to do when the slot is gone, or the server removed log that it needs: load all"
                        + " tables anew through a new slot, or stop. Default: resnapshot.")
        private String onLostSlot;

        @Option(
                names = IngestConfig.WORK_DIR,
                paramLabel = "FOLDER",
                description = "Where files lie until they are uploaded. Default: the system's folder for such.")
        private String workDirectory;

        @Mixin
        private MetricsOptions metrics;

        @Override
        public void run() {
            IngestConfig config = IngestConfig.from(System.getenv(), options());
            PrometheusRegistry registry = new PrometheusRegistry();
            try (AwsClients clients = AwsClients.of(config.lake())) {
                Ingest ingest = new Ingest(config, clients, registry);
                Optional<MetricsEndpoint> endpoint = metrics.open(registry);
                endpoint.ifPresent(open -> LOG.info("event=metrics_served address={}", open.address()));
                OrderlyStop.install(ingest);
                try {
                    ingest.run();
                } finally {
                    endpoint.ifPresent(MetricsEndpoint::close);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private Map<String, String> options() {
            Map<String, String> options = new LinkedHashMap<>();
            options.put(IngestConfig.EPOCH_AGE, epochAge);
            options.put(IngestConfig.EPOCH_ROWS, epochRows);
            options.put(IngestConfig.EPOCH_BYTES, epochBytes);
            options.put(IngestConfig.SLOT, slot);
            options.put(IngestConfig.PUBLICATION, publication);
            options.put(IngestConfig.SNAPSHOT_THREADS, snapshotThreads);
            options.put(IngestConfig.RETRY_FOR, retryFor);
            options.put(IngestConfig.PROGRESS_BYTES, progressBytes);
            options.put(IngestConfig.UNREPRESENTABLE, unrepresentable);
            options.put(IngestConfig.ON_LOST_SLOT, onLostSlot);
            options.put(IngestConfig.WORK_DIR, workDirectory);
            options.values().removeIf(value -> value == null);
            return options;
        }
    }
}
