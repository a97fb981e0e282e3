package dev.tenantlake.local.engine;

import dev.tenantlake.local.CacheDirectory;
import dev.tenantlake.local.LocalAwsProcess;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.Catalog;
import dev.tenantlake.model.CatalogTable;
import dev.tenantlake.model.CatalogTable.Column;
import dev.tenantlake.model.CatalogTable.Format;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.Layer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A small lake of two tenants, 3 and 5, in S3 and Glue: the tables of the test resources, which Spark and Hudi have
 * written. Order 2 of tenant 3 has been changed by a second commit.
 */
final class FixtureLake implements AutoCloseable {

    private static final List<Column> ORDERS = columns(
            "id bigint",
            "customer_id bigint",
            "status string",
            "currency string",
            "total_amount decimal(12,2)",
            "ordered_at timestamp",
            "_epoch bigint",
            "_committed_at timestamp");
    private static final CatalogTable SILVER_ORDERS = new CatalogTable(
            Layer.SILVER, "orders", Format.HUDI, ORDERS, columns("tenant_id bigint", "month string"), Map.of());
    private static final CatalogTable SILVER_TENANTS = new CatalogTable(
            Layer.SILVER,
            "tenants",
            Format.HUDI,
            columns("id bigint", "slug string", "name string", "_epoch bigint", "_committed_at timestamp"),
            List.of(),
            Map.of());
    private static final CatalogTable SILVER_CUSTOMERS = new CatalogTable(
            Layer.SILVER,
            "customers",
            Format.PARQUET,
            columns(
                    "id bigint",
                    "email string",
                    "country string",
                    "score int",
                    "tags array<string>",
                    "attributes map<string,bigint>",
                    "place struct<a:bigint,b:string>",
                    "raw binary",
                    "active boolean",
                    "ratio double",
                    "born date",
                    "seen timestamp"),
            columns("tenant_id bigint"),
            Map.of());
    private static final CatalogTable BRONZE_ORDERS = new CatalogTable(
            Layer.BRONZE,
            "orders",
            Format.PARQUET,
            Stream.concat(columns("tenant_id bigint").stream(), ORDERS.stream()).toList(),
            columns("ingest_date string"),
            Map.of());

    private final LocalAwsProcess local;

    /** Puts the tables where they belong; the services keep what is theirs in the directory. */
    FixtureLake(Path directory) throws IOException, URISyntaxException {
        local = LocalAwsProcess.start(directory, false);
        LakeConfig config = LakeConfig.from(local.environment("admin"));
        try (AwsClients clients = new AwsClients(
                config,
                StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(local.accessKeyId("admin"), local.secretAccessKey("admin"))))) {
            upload(clients.s3(), config.bucket());
            register(clients.glue(), config);
        }
    }

    EngineConfig engineConfig(Path directory) {
        return new EngineConfig(
                directory,
                cache(),
                local.awsEndpoint(),
                local.s3Endpoint(),
                "us-east-1",
                local.accessKeyId("admin"),
                local.secretAccessKey("admin"),
                System.getenv());
    }

    /** The user's own cache: what is 800 MB to fetch is not fetched for a test. */
    private static Path cache() {
        return CacheDirectory.locate(System.getenv());
    }

    private static void upload(S3Client s3, String bucket) throws IOException, URISyntaxException {
        Path root = Path.of(FixtureLake.class.getResource("/lake").toURI());
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                s3.putObject(put -> put.bucket(bucket).key(root.relativize(file).toString()), file);
            }
        }
    }

    private static void register(GlueClient glue, LakeConfig config) {
        Catalog catalog = new Catalog(glue, config.layout());
        for (CatalogTable table : List.of(SILVER_ORDERS, SILVER_TENANTS, SILVER_CUSTOMERS, BRONZE_ORDERS)) {
            catalog.ensureDatabase(table.layer());
            catalog.ensureTable(table);
        }
        catalog.ensurePartitions(
                SILVER_ORDERS, List.of(List.of("3", "2026-01"), List.of("3", "2026-02"), List.of("5", "2026-01")));
        catalog.ensurePartitions(SILVER_CUSTOMERS, List.of(List.of("3"), List.of("5")));
        catalog.ensurePartitions(BRONZE_ORDERS, List.of(List.of("2026-01-05")));
    }

    private static List<Column> columns(String... declarations) {
        List<Column> columns = new ArrayList<>();
        Arrays.stream(declarations)
                .map(declaration -> declaration.split(" ", 2))
                .forEach(parts -> columns.add(new Column(parts[0], parts[1])));
        return columns;
    }

    @Override
    public void close() {
        local.close();
    }
}
