package dev.tenantlake.etl;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.cli.CommandRunner;
import dev.tenantlake.etl.bronze.EpochFeed;
import dev.tenantlake.etl.gold.GoldStage;
import dev.tenantlake.etl.hudi.HudiCatalog;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.silver.SilverStage;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.Catalog;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPositions;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
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
            "  spark-submit … --mode once --stage gold --rebuild"
        })
public final class LakeJob implements Callable<Integer> {

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
        JobOptions options = new JobOptions(mode, stage, poll, maxEpochsPerCommit, tablesAtATime, rebuild);
        LakeConfig config = LakeConfig.from(environment);
        try (AwsClients clients = AwsClients.of(config);
                S3Client s3 = clients.s3();
                GlueClient glue = clients.glue();
                TablePool pool = new TablePool(options.tablesAtATime());
                SparkSession spark = LakeSession.open(config)) {
            HudiLake lake = new HudiLake(spark, "s3a://" + config.bucket() + "/");
            LayerPositions positions = new LayerPositions(s3, config.layout());
            EpochFeed epochs = new EpochFeed(new EpochLog(s3, config.layout()));
            HudiCatalog catalog = new HudiCatalog(new Catalog(glue, config.layout()));
            Clock clock = Clock.systemUTC();
            Optional<SilverStage> silver = options.stage().silver()
                    ? Optional.of(new SilverStage(
                            lake,
                            epochs,
                            positions,
                            new WriterClaim(s3, config.layout(), Layer.SILVER),
                            catalog,
                            pool,
                            clock,
                            options.maxEpochsPerCommit()))
                    : Optional.empty();
            Optional<GoldStage> gold = options.stage().gold()
                    ? Optional.of(new GoldStage(
                            lake,
                            epochs,
                            positions,
                            new WriterClaim(s3, config.layout(), Layer.GOLD),
                            catalog,
                            pool,
                            clock,
                            options.rebuild()))
                    : Optional.empty();
            new LakeLoop(options, silver, gold, positions, stop).run();
            return 0;
        }
    }
}
