package dev.tenantlake.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.Catalog;
import dev.tenantlake.model.CatalogTable;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.Layer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.s3.S3Client;

class LocalAwsProcessTest {

    @TempDir
    private Path directory;

    @Test
    void servesPostgresAndS3AndGlue() throws Exception {
        try (LocalAwsProcess local = LocalAwsProcess.start(directory, false)) {
            try (Connection connection =
                            DriverManager.getConnection(local.jdbcUrl(), "postgres", local.postgresPassword());
                    ResultSet level = connection.createStatement().executeQuery("show wal_level")) {
                assertThat(level.next()).isTrue();
                assertThat(level.getString(1)).isEqualTo("logical");
            }
            LakeConfig config = LakeConfig.from(local.environment("pipeline"));
            try (AwsClients clients = new AwsClients(
                    config,
                    StaticCredentialsProvider.create(AwsBasicCredentials.create(
                            local.accessKeyId("pipeline"), local.secretAccessKey("pipeline"))))) {
                assertThat(clients.sts().getCallerIdentity().arn())
                        .isEqualTo("arn:aws:iam::000000000000:user/pipeline");
                S3Client s3 = clients.s3();
                s3.putObject(put -> put.bucket("tenantlake").key("a/b"), RequestBody.fromString("hello"));
                assertThat(s3.getObjectAsBytes(get -> get.bucket("tenantlake").key("a/b"))
                                .asUtf8String())
                        .isEqualTo("hello");
                GlueClient glue = clients.glue();
                Catalog catalog = new Catalog(glue, config.layout());
                CatalogTable orders = new CatalogTable(
                        Layer.SILVER,
                        "orders",
                        CatalogTable.Format.HUDI,
                        List.of(new CatalogTable.Column("id", "bigint")),
                        List.of(new CatalogTable.Column("tenant_id", "bigint")),
                        Map.of());
                catalog.ensureDatabase(Layer.SILVER);
                catalog.ensureTable(orders);
                catalog.ensurePartitions(orders, List.of(List.of("3"), List.of("4")));
                assertThat(glue.getPartitions(get -> get.databaseName("silver")
                                        .tableName("orders")
                                        .expression("((tenant_id = '3'))"))
                                .partitions())
                        .singleElement()
                        .satisfies(partition -> assertThat(partition.values()).containsExactly("3"));
            }
        }
        assertThat(directory.resolve("local-aws.json")).doesNotExist();
    }
}
