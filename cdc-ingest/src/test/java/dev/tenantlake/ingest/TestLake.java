package dev.tenantlake.ingest;

import dev.tenantlake.local.LocalAwsProcess;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Lsn;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A source and a lake for one test: a database with schema {@code shop}, a bucket, and a slot's name, all its own. The
 * Glue catalog is shared, so tests that look at it have tables of their own names.
 */
final class TestLake implements AutoCloseable {

    private static final AtomicInteger NEXT = new AtomicInteger(1);

    private final LocalAwsProcess local;
    private final String name;
    private final Map<String, String> environment;
    private final AwsClients clients;
    private final S3Client s3;
    private final GlueClient glue;
    private final Connection connection;

    private TestLake(LocalAwsProcess local, String name) throws SQLException {
        this.local = local;
        this.name = name;
        this.environment = new HashMap<>(local.environment("pipeline"));
        try (Connection admin = connect(local, "postgres");
                Statement statement = admin.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        environment.put("PGDATABASE", name);
        environment.put("TENANTLAKE_BUCKET", name);
        this.clients = new AwsClients(
                LakeConfig.from(environment),
                StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(local.accessKeyId("pipeline"), local.secretAccessKey("pipeline"))));
        this.s3 = clients.s3();
        this.glue = clients.glue();
        s3.createBucket(create -> create.bucket(name));
        this.connection = connect(local, name);
        sql("CREATE SCHEMA shop");
    }

    static TestLake create(LocalAwsProcess local) {
        try {
            return new TestLake(local, "lake" + NEXT.getAndIncrement());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect(LocalAwsProcess local, String database) throws SQLException {
        String url = local.jdbcUrl().replaceAll("/[^/]*$", "/" + database);
        return DriverManager.getConnection(url, "postgres", local.postgresPassword());
    }

    /** The database's name, the bucket's and the slot's. */
    String name() {
        return name;
    }

    /** The variables that a process is given. */
    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** Clients for the lake of a configuration. */
    AwsClients clients(IngestConfig config) {
        return new AwsClients(config.lake(), clients.credentials());
    }

    S3Client s3() {
        return s3;
    }

    GlueClient glue() {
        return glue;
    }

    LakeLayout layout() {
        return new LakeLayout(name);
    }

    /** Puts an object into the bucket. */
    void put(String key, String content) {
        s3.putObject(put -> put.bucket(name).key(key), RequestBody.fromString(content));
    }

    /** The keys of all objects of the bucket. */
    List<String> keys() {
        return s3.listObjectsV2Paginator(list -> list.bucket(name)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    EpochLog log() {
        return new EpochLog(s3, new LakeLayout(name));
    }

    List<EpochManifest> epochs() {
        return log().after(0, Integer.MAX_VALUE);
    }

    BronzeRows bronze() {
        return BronzeRows.read(s3, name, epochs());
    }

    /** A configuration with an epoch age of 50 ms, and these options, each followed by its value. */
    IngestConfig config(String... options) {
        return config(Map.of(), options);
    }

    /** As {@link #config(String...)}, with other variables than local-aws gives. */
    IngestConfig config(Map<String, String> overriding, String... options) {
        Map<String, String> given = new HashMap<>(Map.of(
                IngestConfig.SLOT, name,
                IngestConfig.EPOCH_AGE, "50ms",
                IngestConfig.RETRY_FOR, "1s"));
        for (int i = 0; i < options.length; i += 2) {
            given.put(options[i], options[i + 1]);
        }
        Map<String, String> variables = new HashMap<>(environment);
        variables.putAll(overriding);
        return IngestConfig.from(variables, given);
    }

    /** Another connection to the source; the caller closes it. */
    Connection connect() throws SQLException {
        return connect(local, name);
    }

    /** Runs statements, each in a transaction of its own. */
    void sql(String... statements) {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs statements in one transaction. */
    void transaction(String... statements) {
        sql("BEGIN; " + String.join("; ", statements) + "; COMMIT");
    }

    /** Drops the slot, as soon as the server sees that its reader is gone. */
    void dropSlotOnceFree() {
        Await.until(
                "the slot is free",
                () -> query("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + name + "' AND active")
                        .equals("0"));
        sql("SELECT pg_drop_replication_slot('" + name + "')");
    }

    /** The first column of the first row, as text. */
    String query(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Commits a mark into the source's log, and says where it is: an epoch that ends there or later holds it all. */
    Lsn barrier() {
        return Lsn.parse(query("SELECT pg_logical_emit_message(true, 'tenantlake', 'barrier')"));
    }

    /** Publishes these tables, with full replica identity. */
    void publish(String... tables) {
        for (String table : tables) {
            sql("ALTER TABLE " + table + " REPLICA IDENTITY FULL");
        }
        sql("CREATE PUBLICATION tenantlake FOR TABLE " + String.join(", ", tables));
    }

    LocalAwsProcess local() {
        return local;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        try (Connection admin = connect(local, "postgres");
                Statement statement = admin.createStatement()) {
            statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                    + name + "' AND NOT active");
        }
        s3.close();
        glue.close();
        clients.close();
    }
}
