package dev.tenantlake.etl;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.cli.CommandRunner;
import dev.tenantlake.etl.audit.SilverAuditor;
import dev.tenantlake.etl.bronze.BatchLimit;
import dev.tenantlake.etl.bronze.EpochFeed;
import dev.tenantlake.etl.claim.WriterClaim;
import dev.tenantlake.etl.gold.GoldStage;
import dev.tenantlake.etl.hudi.HudiCatalog;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiMaintenance;
import dev.tenantlake.etl.hudi.Retention;
import dev.tenantlake.etl.parallel.TablePool;
import dev.tenantlake.etl.rules.RuleBook;
import dev.tenantlake.etl.s3.S3Requests;
import dev.tenantlake.etl.silver.SilverStage;
import dev.tenantlake.metrics.MetricsEndpoint;
import dev.tenantlake.metrics.MetricsOptions;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.Catalog;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPositions;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The Spark application: bronze to silver and silver to gold, once or continuously. */
@Command(
        name = "lake-job",
        mixinStandardHelpOptions = true,
        description = "Builds silver from bronze and gold from silver, and registers their tables in Glue.",
        footer = {
            "",
            "Where the lake is, is read from AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3, AWS_REGION, TENANTLAKE_BUCKET and"
                    + " the AWS SDK's chain of credentials.",
            "",
            "Examples:",
            "  spark-submit --properties-file conf/local.conf --class dev.tenantlake.etl.LakeJob etl-jobs.jar"
                    + " --mode once",
            "  spark-submit … --mode continuous --stage all --poll 200ms",
            "  spark-submit … --mode once --stage gold --rebuild",
            "  spark-submit … --mode continuous --rules rules.yaml --min-valid-share 0.99"
        })
public final class LakeJob implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(LakeJob.class);

    /**
     * How long tables of gold stand that trail, and a count of the rows while nothing comes to quarantine or leaves it,
     * while there is always something else to do.
     */
    private static final Duration TRAIL_EVERY = Duration.ofMinutes(1);

    /** How often each table's past is looked at. */
    private static final Duration MAINTAIN_EVERY = Duration.ofMinutes(1);

    private final Map<String, String> environment;
    private final OrderlyStop stop;

    @Option(
            names = "--mode",
            defaultValue = "once",
            description = "once: end when the layers hold all that is there; continuous: go on until told to stop."
                    + " Default: ${DEFAULT-VALUE}")
    private JobOptions.Mode mode;

    @Option(
            names = "--stage",
            defaultValue = "all",
            description = "The layers to build: silver, gold or all. Default: ${DEFAULT-VALUE}")
    private JobOptions.Stage stage;

    @Option(
            names = "--poll",
            defaultValue = "200ms",
            description = "How long to wait before looking again when nothing is new. Default: ${DEFAULT-VALUE}")
    private Duration poll;

    @Option(
            names = "--max-epochs-per-commit",
            defaultValue = "500",
            description =
                    "How many epochs a commit takes in at most, when the job is behind. Default: ${DEFAULT-VALUE}")
    private int maxEpochsPerCommit;

    @Option(
            names = "--tables-at-a-time",
            defaultValue = "4",
            description = "How many tables are committed at a time. Default: ${DEFAULT-VALUE}")
    private int tablesAtATime;

    @Option(
            names = "--max-rows-per-commit",
            defaultValue = "500000",
            description = "How many change rows a commit takes in at most, when the job is behind; a single epoch that"
                    + " has more is taken in whole. Default: ${DEFAULT-VALUE}")
    private long maxRowsPerCommit;

    @Option(
            names = "--keep-commits",
            defaultValue = "10",
            description =
                    "How many of a table's last commits are kept with all files that they need, at least. Default:"
                            + " ${DEFAULT-VALUE}")
    private int keepCommits;

    @Option(
            names = "--keep-for",
            defaultValue = "5m",
            description =
                    "How long a commit is kept with all files that it needs, at least: longer than any query runs."
                            + " Default: ${DEFAULT-VALUE}")
    private Duration keepFor;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description =
                    "Rules for the rows of silver, in the place of the lake's own for the tables that the file names."
                            + " docs/data-quality.md says how they are written.")
    private Path rulesFile;

    @Option(
            names = "--min-valid-share",
            paramLabel = "SHARE",
            description =
                    "What share of a silver table's rows has to be valid, from 0 to 1, for gold to be computed from"
                            + " it, if the rules have none for the table. Default: what the rules say of all tables, 0.5")
    private Double minValidShare;

    @Option(
            names = "--audit-every",
            defaultValue = "30m",
            description =
                    "How long to wait, in mode continuous, before all rows of silver are looked at again for references"
                            + " to rows that are not there and for rows that have in common what no two may. In mode once that is"
                            + " done at the end, with --audit. Default: ${DEFAULT-VALUE}")
    private Duration auditEvery;

    @Option(names = "--audit", description = "In mode once, look at all rows of silver at the end.")
    private boolean audit;

    @Mixin
    private MetricsOptions metricsOptions;

    @Option(names = "--rebuild", description = "Build gold anew from silver, whatever it holds.")
    private boolean rebuild;

    /**
     * The job for a service that gives its settings in another way than by the process's environment, as AWS Glue does,
     * and that ends the process itself.
     *
     * @param environment the variables that say where the lake is
     */
    public LakeJob(Map<String, String> environment) {
        this(environment, OrderlyStop.onRequest());
    }

    LakeJob(Map<String, String> environment, OrderlyStop stop) {
        this.environment = Map.copyOf(environment);
        this.stop = requireNonNull(stop, "stop");
    }

    /** Runs the job and ends the process with its exit code. */
    public static void main(String[] arguments) {
        OrderlyStop stop = OrderlyStop.onTermination();
        System.exit(CommandRunner.run(new LakeJob(System.getenv(), stop), arguments));
    }

    @Override
    public Integer call() {
        JobOptions options = new JobOptions(
                mode,
                stage,
                poll,
                maxEpochsPerCommit,
                maxRowsPerCommit,
                tablesAtATime,
                rebuild,
                new Retention(keepCommits, keepFor));
        if (audit && options.mode() == JobOptions.Mode.CONTINUOUS) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--audit looks at silver at the end of --mode once: in mode continuous use --audit-every");
        }
        RuleBook rules = rules();
        LakeConfig config = LakeConfig.from(environment);
        PrometheusRegistry registry = new PrometheusRegistry();
        JobMetrics metrics = new JobMetrics(registry);
        Optional<MetricsEndpoint> endpoint = metricsOptions.open(registry);
        endpoint.ifPresent(opened -> LOG.info("event=metrics_served address={}", opened.address()));
        try (AwsClients clients = AwsClients.of(config);
                S3Client s3 = clients.s3();
                GlueClient glue = clients.glue();
                TablePool pool = new TablePool(options.tablesAtATime());
                SparkSession spark = LakeSession.open(config)) {
            if (rulesFile != null) {
                rules.check(spark);
            }
            metrics.requests(new S3Requests(
                    URI.create(root(config)), spark.sparkContext().hadoopConfiguration())::count);
            run(options, rules, config, metrics, s3, glue, pool, spark);
            return 0;
        } finally {
            endpoint.ifPresent(MetricsEndpoint::close);
        }
    }

    /** The bucket's address for Hadoop's file systems. */
    private static String root(LakeConfig config) {
        return "s3a://" + config.bucket() + "/";
    }

    private RuleBook rules() {
        RuleBook rules = RuleBook.standard();
        if (rulesFile != null) {
            rules = rules.with(rulesFile);
        }
        return minValidShare == null ? rules : rules.withMinValidShare(minValidShare);
    }

    private void run(
            JobOptions options,
            RuleBook rules,
            LakeConfig config,
            JobMetrics metrics,
            S3Client s3,
            GlueClient glue,
            TablePool pool,
            SparkSession spark) {
        HudiLake lake = new HudiLake(spark, root(config), metrics::committed);
        LayerPositions positions = new LayerPositions(s3, config.layout());
        HudiCatalog catalog = new HudiCatalog(new Catalog(glue, config.layout()));
        ServiceTrouble services = new ServiceTrouble(positions);
        Clock clock = Clock.systemUTC();
        List<LayerLoop> layers = new ArrayList<>();
        if (options.stage().silver()) {
            SilverStage silver = new SilverStage(
                    lake,
                    rules,
                    new EpochFeed(new EpochLog(s3, config.layout())),
                    positions,
                    new WriterClaim(s3, config.layout(), Layer.SILVER),
                    catalog,
                    pool,
                    clock,
                    new BatchLimit(options.maxEpochsPerCommit(), options.maxRowsPerCommit()));
            layers.add(new LayerLoop(
                    Layer.SILVER,
                    silver::recover,
                    () -> metrics.measure(silver::advance, silver::position),
                    options,
                    services,
                    metrics,
                    stop));
        }
        if (options.stage().gold()) {
            GoldStage gold = new GoldStage(
                    lake,
                    rules,
                    new EpochFeed(new EpochLog(s3, config.layout())),
                    positions,
                    new WriterClaim(s3, config.layout(), Layer.GOLD),
                    catalog,
                    pool,
                    clock,
                    options.mode() == JobOptions.Mode.CONTINUOUS ? TRAIL_EVERY : Duration.ZERO,
                    options.rebuild());
            layers.add(new LayerLoop(
                    Layer.GOLD,
                    gold::recover,
                    () -> metrics.measure(
                            () -> positions
                                    .read(Layer.SILVER)
                                    .map(gold::advance)
                                    .orElse(false),
                            gold::position),
                    options,
                    services,
                    metrics,
                    stop));
        }
        Maintenance maintenance = new Maintenance(
                new HudiMaintenance(lake, options.retention(), clock), positions, options.stage(), metrics);
        Audit audits = new Audit(new SilverAuditor(lake, rules, clock), positions, metrics);
        try (Beside maintaining =
                        new Beside("maintenance", maintenance.pause(MAINTAIN_EVERY), maintenance::turn, stop);
                Beside auditing = new Beside("audit", auditEvery, audits::tryToLook, stop)) {
            if (options.mode() == JobOptions.Mode.CONTINUOUS) {
                maintaining.start();
                if (options.stage().silver()) {
                    auditing.start();
                }
            }
            new LakeLoop(options.mode(), layers, stop).run();
            if (audit && options.mode() == JobOptions.Mode.ONCE) {
                audits.look();
            }
        }
    }
}
