package dev.tenantlake.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.Catalog;
import dev.tenantlake.model.CatalogTable;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.Layer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.s3.S3Client;

/** The whole of local-aws as a process, as the launcher and the tests of the other modules run it. */
class LocalAwsProcessTest {

    @TempDir
    private Path directory;

    private static Connection connect(LocalAwsProcess local) throws SQLException {
        return DriverManager.getConnection(local.jdbcUrl(), "postgres", local.postgresPassword());
    }

    private static String query(LocalAwsProcess local, String sql) throws SQLException {
        try (Connection connection = connect(local);
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }

    private static void execute(LocalAwsProcess local, String sql) throws SQLException {
        try (Connection connection = connect(local)) {
            connection.createStatement().execute(sql);
        }
    }

    private static AwsClients clients(LocalAwsProcess local, String profile) {
        return new AwsClients(
                LakeConfig.from(local.environment(profile)),
                StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(local.accessKeyId(profile), local.secretAccessKey(profile))));
    }

    private long postmaster() throws IOException {
        return Long.parseLong(Files.readAllLines(directory.resolve("postgres/postmaster.pid"))
                .get(0)
                .strip());
    }

    private static void awaitEnd(long pid) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (isRunning(pid) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        assertThat(isRunning(pid)).as("process " + pid).isFalse();
    }

    /** What has ended but was not waited for by its parent still has an id, and no command any more. */
    private static boolean isRunning(long pid) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(process -> process.info().command())
                .isPresent();
    }

    @Test
    void servesPostgresAndTheServicesOfAws() throws Exception {
        try (LocalAwsProcess local = LocalAwsProcess.start(directory, false)) {
            assertThat(query(local, "show wal_level")).isEqualTo("logical");
            assertThat(query(local, "show max_slot_wal_keep_size")).isEqualTo("2GB");
            assertThat(query(local, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(local, "show fsync")).isEqualTo("off");
            assertThat(query(local, "select current_database()")).isEqualTo("shop");
            assertThat(local.queryEngine()).isEqualTo("OFF");
            try (AwsClients clients = clients(local, "pipeline")) {
                assertThat(clients.sts().getCallerIdentity().arn())
                        .isEqualTo("arn:aws:iam::000000000000:user/pipeline");
                S3Client s3 = clients.s3();
                s3.putObject(put -> put.bucket("tenantlake").key("a/b"), RequestBody.fromString("hello"));
                assertThat(s3.getObjectAsBytes(get -> get.bucket("tenantlake").key("a/b"))
                                .asUtf8String())
                        .isEqualTo("hello");
                registerOrders(clients);
            }
            assertThatThrownBy(() -> DriverManager.getConnection(local.jdbcUrl(), "postgres", "wrong"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertListensOnOneAddress(local);
            assertSaysWhoHasTheDataDirectory(local);
            assertSurvivesTheEndOfItsOwnConnection(local);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("secrets"))))
                    .isEqualTo("rwx------");
            for (String secret : List.of("secrets/aws-credentials", "secrets/pgpass", "aws/state.journal")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(secret))))
                        .as(secret)
                        .isEqualTo("rw-------");
            }
        }
        assertThat(directory.resolve("local-aws.json")).doesNotExist();
        assertThat(directory.resolve("local-aws.lock")).doesNotExist();
        assertThat(directory.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    private static void registerOrders(AwsClients clients) {
        GlueClient glue = clients.glue();
        Catalog catalog = new Catalog(glue, clients.config().layout());
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
        assertThat(glue.getPartitions(get ->
                                get.databaseName("silver").tableName("orders").expression("((tenant_id = '3'))"))
                        .partitions())
                .singleElement()
                .satisfies(partition -> assertThat(partition.values()).containsExactly("3"));
    }

    @Test
    void goesOnFromWhereItWasAfterBeingKilled() throws Exception {
        String secret;
        long firstPostmaster;
        try (LocalAwsProcess local = LocalAwsProcess.start(directory, false)) {
            execute(local, "create table kept (id int primary key)");
            execute(local, "insert into kept values (7)");
            try (AwsClients clients = clients(local, "pipeline")) {
                clients.glue().createDatabase(create -> create.databaseInput(input -> input.name("kept")));
                clients.s3().putObject(put -> put.bucket("tenantlake").key("kept"), RequestBody.fromString("content"));
            }
            secret = local.secretAccessKey("admin");
            firstPostmaster = postmaster();
            local.kill();
        }
        assertThat(isRunning(firstPostmaster)).as("Postgres outlives a kill").isTrue();
        try (LocalAwsProcess local = LocalAwsProcess.start(directory, false)) {
            assertThat(isRunning(firstPostmaster)).as("and is stopped then").isFalse();
            assertThat(query(local, "select id from kept")).isEqualTo("7");
            assertThat(local.secretAccessKey("admin")).isEqualTo(secret);
            try (AwsClients clients = clients(local, "pipeline")) {
                assertThat(clients.glue().getDatabases(all -> {}).databaseList())
                        .extracting(Database::name)
                        .contains("kept");
                assertThat(clients.s3()
                                .getObjectAsBytes(
                                        get -> get.bucket("tenantlake").key("kept"))
                                .asUtf8String())
                        .isEqualTo("content");
            }
        }
    }

    @Test
    void endsWhenPostgresEndsAndLosesNothing() throws Exception {
        long postmaster;
        String left;
        try (LocalAwsProcess local = LocalAwsProcess.start(directory, false)) {
            postmaster = postmaster();
            left = Files.readString(directory.resolve("postgres/postmaster.pid"));
            execute(local, "create table kept as select 7 as id");
            ProcessHandle.of(postmaster).orElseThrow().destroyForcibly();
            awaitEnd(local.pid());
        }
        awaitEnd(postmaster);
        assertThat(Files.readString(directory.resolve("local-aws.log")))
                .contains("local-aws: Postgres ended by itself");
        assertThat(directory.resolve("local-aws.json")).doesNotExist();
        // The process id that Postgres had may be another process's by now.
        Files.writeString(
                directory.resolve("postgres/postmaster.pid"),
                left.replaceFirst("\\d+", String.valueOf(ProcessHandle.current().pid())));

        try (LocalAwsProcess local = LocalAwsProcess.start(directory, false, List.of("--durable"))) {
            assertThat(query(local, "select id from kept")).isEqualTo("7");
            assertThat(query(local, "show fsync")).isEqualTo("on");
        }
    }

    /** Whatever listens on all addresses answers at this one, too. */
    private static void assertListensOnOneAddress(LocalAwsProcess local) {
        int postgres = Integer.parseInt(local.environment("admin").get("PGPORT"));
        for (int port :
                List.of(local.awsEndpoint().getPort(), local.s3Endpoint().getPort(), postgres)) {
            assertThatThrownBy(() -> new Socket("127.0.0.2", port).close())
                    .as("port " + port)
                    .isInstanceOf(IOException.class);
        }
    }

    private void assertSaysWhoHasTheDataDirectory(LocalAwsProcess local) {
        Command.Outcome outcome = Command.run("run", "--data-dir", directory.toString(), "--port", "0");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.lastLine())
                .startsWith("local-aws: the data directory " + directory)
                .contains("in use by another run of local-aws (process " + local.pid() + ")");
        assertThat(directory.resolve("local-aws.json")).exists();
    }

    private static void assertSurvivesTheEndOfItsOwnConnection(LocalAwsProcess local) throws SQLException {
        String ended = query(
                local,
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'local-aws'");
        assertThat(ended).isEqualTo("1");
        awaitConnection(local);
    }

    private static void awaitConnection(LocalAwsProcess local) throws SQLException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        String watching = "0";
        while (watching.equals("0") && System.nanoTime() < deadline) {
            watching = query(local, "select count(*) from pg_stat_activity where application_name = 'local-aws'");
        }
        assertThat(watching).isEqualTo("1");
    }

    @Test
    void saysWhichPortIsInUseAndStartsNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort() - 1;
            Command.Outcome outcome =
                    Command.run("run", "--data-dir", directory.toString(), "--port", String.valueOf(port));

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.lastLine())
                    .startsWith("local-aws: port ")
                    .contains("in use: stop what listens there, or choose other ports with --port");
            assertThat(directory.resolve("postgres")).doesNotExist();
            assertThat(directory.resolve("local-aws.lock")).doesNotExist();
        }
    }

    @Test
    void refusesWhatItCannotBeToldToDo() throws Exception {
        assertThat(Command.run("run").exitCode()).isEqualTo(2);
        assertThat(Command.run("run", "--data-dir", directory.toString(), "--unknown")
                        .exitCode())
                .isEqualTo(2);
        assertThat(Command.run("run", "--data-dir", directory.toString(), "--port", "65534")
                        .exitCode())
                .isEqualTo(2);
        assertThat(Command.run("run", "--data-dir", directory.toString(), "--bucket", "No_Bucket!")
                        .exitCode())
                .isEqualTo(2);
        Path file = Files.createFile(directory.resolve("file"));
        Command.Outcome outcome = Command.run("run", "--data-dir", file.toString(), "--port", "0");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.lastLine()).contains("cannot be used").contains("--data-dir");
    }

    @Test
    void saysHowItIsUsed() {
        Command.Outcome outcome = Command.run("run", "--help");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output()).contains("--data-dir", "--no-query-engine", "Examples:");
    }
}
