package dev.tenantlake.bench.lake;

import dev.tenantlake.cli.Checkout;
import java.nio.file.Path;
import java.util.List;

/** How a Spark application is run on one machine: with the JVM's flags and the settings of {@code etl-jobs/conf}. */
public final class SparkCommand {

    private SparkCommand() {}

    /** The flags of the JVM. */
    public static List<String> flags(Checkout checkout) {
        return List.of("@" + conf(checkout).resolve("local.jvm"));
    }

    /**
     * The main class and its arguments; those of the application may follow.
     *
     * @param mainClass of the application, which is on the class path
     */
    public static List<String> submit(Checkout checkout, String mainClass) {
        return List.of(
                "org.apache.spark.deploy.SparkSubmit",
                "--properties-file",
                conf(checkout).resolve("local.conf").toString(),
                "--class",
                mainClass,
                "spark-internal");
    }

    private static Path conf(Checkout checkout) {
        return checkout.home().resolve("etl-jobs").resolve("conf");
    }
}
