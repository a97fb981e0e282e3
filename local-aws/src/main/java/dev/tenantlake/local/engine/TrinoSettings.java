package dev.tenantlake.local.engine;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Trino's configuration. It holds keys, so nobody but the owner of the data directory may read it, and nothing of it
 * is on a command line.
 */
final class TrinoSettings {

    /** The catalog that queries name, as in Athena. */
    static final String CATALOG = "awsdatacatalog";
    /** The catalog that Trino turns to for the Hudi tables of the other; no query may name it. */
    static final String HUDI_CATALOG = "awsdatacatalog_hudi";

    private static final int SECRET_BYTES = 32;
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final EngineConfig config;
    private final Path directory;

    TrinoSettings(EngineConfig config) {
        this.config = requireNonNull(config, "config");
        this.directory = config.dataDirectory().resolve("trino");
    }

    /** Trino's working directory: its configuration is in {@code etc}. */
    Path directory() {
        return directory;
    }

    /** What Trino writes; started anew with each start. */
    Path log() {
        return directory.resolve("server.log");
    }

    Path temporary() {
        return directory.resolve("tmp");
    }

    /** Writes the configuration for a server on that port of the loopback interface. */
    void write(Path plugins, TrinoTokens tokens, PolicyServer policies, int port) throws IOException {
        Files.createDirectories(config.dataDirectory());
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory, OWNER_ONLY);
        }
        TrinoDistribution.remove(temporary());
        Files.createDirectory(temporary(), OWNER_ONLY);
        Path etc = directory.resolve("etc");
        TrinoDistribution.remove(etc);
        Files.createDirectory(etc, OWNER_ONLY);
        Path catalogs = Files.createDirectory(etc.resolve("catalog"), OWNER_ONLY);

        Path key = etc.resolve("token-key");
        write(key, tokens.encodedKey());
        write(etc.resolve("config.properties"), server(plugins, key, port));
        write(etc.resolve("log.properties"), logLevels());
        write(etc.resolve("access-control.properties"), accessControl(policies));
        write(catalogs.resolve(CATALOG + ".properties"), catalog());
        write(catalogs.resolve(HUDI_CATALOG + ".properties"), hudiCatalog());
    }

    private Map<String, String> server(Path plugins, Path key, int port) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("node.environment", "tenantlake");
        settings.put("node.id", "local");
        settings.put("node.bind-ip", "127.0.0.1");
        settings.put("node.internal-address", "127.0.0.1");
        settings.put("coordinator", "true");
        settings.put("node-scheduler.include-coordinator", "true");
        settings.put("http-server.http.port", String.valueOf(port));
        settings.put("discovery.uri", "http://127.0.0.1:" + port);
        settings.put("plugin.dir", plugins.toString());
        settings.put("bootstrap.quiet", "true");
        settings.put("log.levels-file", directory.resolve("etc/log.properties").toString());
        settings.put("experimental.concurrent-startup", "true");

        // Nobody is let in without a token of ours. Trino asks for one on secure connections alone, and takes one for
        // secure that says it was forwarded from HTTPS; whatever does not say so is refused altogether.
        settings.put("http-server.authentication.type", "JWT");
        settings.put("http-server.authentication.jwt.key-file", key.toString());
        settings.put("http-server.authentication.jwt.required-issuer", TrinoTokens.ISSUER);
        settings.put("http-server.authentication.jwt.required-audience", TrinoTokens.AUDIENCE);
        settings.put("http-server.authentication.allow-insecure-over-http", "false");
        settings.put("http-server.process-forwarded", "true");
        settings.put("internal-communication.shared-secret", Secrets.text(SECRET_BYTES));
        settings.put("web-ui.enabled", "false");
        settings.put("http-server.log.enabled", "false");

        settings.put("hide-inaccessible-columns", "true");
        settings.put("memory.heap-headroom-per-node", "300MB");
        settings.put("query.max-memory-per-node", "700MB");
        settings.put("query.max-history", "50");
        settings.put("query.min-expire-age", "1m");
        // Trino looks through all tasks that it still knows five times a second, and a query of the past has a hundred.
        settings.put("task.info.max-age", "10s");
        // How long Athena lets a query run, unless its quota is raised.
        settings.put("query.max-execution-time", "30m");
        return settings;
    }

    /** The configuration and the addresses in it are not for the log. */
    private static Map<String, String> logLevels() {
        return Map.of("Bootstrap", "WARN", "io", "WARN", "org", "WARN", "com", "WARN");
    }

    private static Map<String, String> accessControl(PolicyServer policies) {
        return Map.of(
                "access-control.name", "opa",
                "opa.policy.uri", policies.allowAddress().toString(),
                "opa.policy.batched-uri", policies.batchAddress().toString(),
                "opa.policy.row-filters-uri", policies.rowFiltersAddress().toString(),
                "opa.policy.batch-column-masking-uri",
                        policies.columnMasksAddress().toString());
    }

    private Map<String, String> catalog() {
        Map<String, String> settings = lake("hive");
        settings.put("hive.hudi-catalog-name", HUDI_CATALOG);
        settings.put("hive.timestamp-precision", "MICROSECONDS");
        settings.put("hive.table-statistics-enabled", "false");
        return settings;
    }

    private Map<String, String> hudiCatalog() {
        Map<String, String> settings = lake("hudi");
        settings.put(
                "hudi.columns-to-hide",
                "_hoodie_commit_time,_hoodie_commit_seqno,_hoodie_record_key,_hoodie_partition_path,_hoodie_file_name");
        return settings;
    }

    private Map<String, String> lake(String connector) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("connector.name", connector);
        settings.put("hive.metastore", "glue");
        settings.put("hive.metastore.glue.region", config.region());
        settings.put("hive.metastore.glue.endpoint-url", config.awsEndpoint().toString());
        settings.put("hive.metastore.glue.aws-access-key", config.accessKeyId());
        settings.put("hive.metastore.glue.aws-secret-key", config.secretAccessKey());
        settings.put("hive.metastore.glue.max-error-retries", "3");
        // One after the other is quicker than five at a time when they are this near.
        settings.put("hive.metastore.glue.partitions-segments", "1");
        settings.put("fs.native-s3.enabled", "true");
        settings.put("s3.endpoint", config.s3Endpoint().toString());
        settings.put("s3.region", config.region());
        settings.put("s3.path-style-access", "true");
        settings.put("s3.aws-access-key", config.accessKeyId());
        settings.put("s3.aws-secret-key", config.secretAccessKey());
        settings.put("s3.max-error-retries", "5");
        return settings;
    }

    private static void write(Path file, Map<String, String> settings) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        StringWriter text = new StringWriter();
        properties.store(text, null);
        write(file, text.toString());
    }

    private static void write(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }
}
