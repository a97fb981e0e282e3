package dev.tenantlake.etl;

import dev.tenantlake.etl.parallel.TablePool;
import dev.tenantlake.local.LocalAwsProcess;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LakeLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Gives a test a {@link TestLake} of its own, or the {@link LocalAwsProcess} behind it. All tests share that process
 * and one Spark session, which are there until the last test is done.
 */
final class LakeExtension implements ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LakeExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestLake.class || type == LocalAwsProcess.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Shared shared =
                context.getRoot().getStore(NAMESPACE).computeIfAbsent(Shared.class, key -> new Shared(), Shared.class);
        return parameter.getParameter().getType() == TestLake.class ? shared.freshLake() : shared.localAws;
    }

    private static final class Shared implements AutoCloseable {

        private final AtomicInteger lakes = new AtomicInteger();
        private final LocalAwsProcess localAws;
        private final AwsClients clients;
        private final S3Client s3;
        private final GlueClient glue;
        private final TablePool pool = new TablePool(4);
        private final SparkSession spark;

        Shared() {
            try {
                localAws = LocalAwsProcess.start(Files.createTempDirectory(Path.of("target"), "lake"), false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Map<String, String> environment = localAws.environment("pipeline");
            // What the SDK's chain takes from these variables in a process that has them.
            System.setProperty("aws.sharedCredentialsFile", environment.get("AWS_SHARED_CREDENTIALS_FILE"));
            System.setProperty("aws.profile", environment.get("AWS_PROFILE"));
            LakeConfig config = LakeConfig.from(environment);
            clients = new AwsClients(
                    config,
                    StaticCredentialsProvider.create(AwsBasicCredentials.create(
                            localAws.accessKeyId("admin"), localAws.secretAccessKey("admin"))));
            s3 = clients.s3();
            glue = clients.glue();
            LocalSpark.configure();
            spark = LakeSession.open(config);
        }

        TestLake freshLake() {
            String bucket = "lake-" + lakes.incrementAndGet();
            s3.createBucket(create -> create.bucket(bucket));
            for (String database : new String[] {"silver", "gold"}) {
                glue.getTables(get -> get.databaseName(database))
                        .tableList()
                        .forEach(table -> glue.deleteTable(
                                delete -> delete.databaseName(database).name(table.name())));
            }
            return new TestLake(spark, s3, glue, new LakeLayout(bucket), pool);
        }

        @Override
        public void close() {
            spark.stop();
            pool.close();
            s3.close();
            glue.close();
            clients.close();
            localAws.close();
        }
    }
}
