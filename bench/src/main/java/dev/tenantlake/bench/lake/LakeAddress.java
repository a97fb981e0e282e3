package dev.tenantlake.bench.lake;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.postgresql.jdbcurlresolver.PgPassParser;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;

/**
 * Where a lake's services answer, and the ways to them.
 *
 * @param dataDirectory the lake's
 * @param ready what local-aws says of itself
 */
public record LakeAddress(Path dataDirectory, Ready ready) {

    /** With it pgjdbc finds the password of a connection that gives none. */
    private static final String PASSWORD_FILE_PROPERTY = "org.postgresql.pgpassfile";

    /**
     * What local-aws writes down when all but the query engine answers.
     *
     * @param pid its process id
     * @param awsEndpoint where all AWS services but S3 answer
     * @param s3Endpoint where S3 answers
     * @param postgres where Postgres answers
     * @param region the AWS region that it stands for
     * @param bucket the lake's bucket
     */
    public record Ready(long pid, URI awsEndpoint, URI s3Endpoint, Postgres postgres, String region, String bucket) {}

    /** Where Postgres answers, and as whom one is to connect. */
    public record Postgres(String host, int port, String database, String user) {}

    public LakeAddress {
        requireNonNull(dataDirectory, "dataDirectory");
        requireNonNull(ready, "ready");
    }

    /** The address of the lake on a data directory, or empty if its local-aws does not answer yet. */
    public static Optional<LakeAddress> find(Path dataDirectory) {
        Path file = dataDirectory.resolve("local-aws.json");
        try {
            Ready ready = LakeJson.read(Files.readAllBytes(file), Ready.class, file.toString());
            return Optional.of(new LakeAddress(dataDirectory, ready));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Clients that act as the lake's administrator; the caller closes them. */
    public AwsClients adminClients() {
        LakeConfig config = new LakeConfig(
                ready.bucket(), ready.region(), Optional.of(ready.awsEndpoint()), Optional.of(ready.s3Endpoint()));
        return new AwsClients(
                config,
                ProfileCredentialsProvider.builder()
                        .profileFile(ProfileFile.builder()
                                .content(credentials())
                                .type(ProfileFile.Type.CREDENTIALS)
                                .build())
                        .profileName("admin")
                        .build());
    }

    /** A connection to the source. */
    public Connection connect() {
        Postgres postgres = ready.postgres();
        Properties properties = new Properties();
        properties.setProperty("user", postgres.user());
        properties.setProperty("password", password());
        properties.setProperty("ApplicationName", "tenantlake bench");
        try {
            return DriverManager.getConnection(
                    "jdbc:postgresql://" + postgres.host() + ":" + postgres.port() + "/" + postgres.database(),
                    properties);
        } catch (SQLException e) {
            throw new LakeException(
                    LakeException.Kind.UNAVAILABLE, "the lake's Postgres does not answer: " + e.getMessage(), e);
        }
    }

    /** The variables with which any program finds the source. No secret is among them. */
    public Map<String, String> sourceEnvironment() {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PGHOST", ready.postgres().host());
        environment.put("PGPORT", Integer.toString(ready.postgres().port()));
        environment.put("PGDATABASE", ready.postgres().database());
        environment.put("PGUSER", ready.postgres().user());
        environment.put("PGPASSFILE", passwords().toString());
        return environment;
    }

    /** The variables with which the modules find the lake and its source, as the pipeline. */
    public Map<String, String> pipelineEnvironment() {
        Map<String, String> environment = sourceEnvironment();
        environment.put(LakeConfig.ENDPOINT, ready.awsEndpoint().toString());
        environment.put(LakeConfig.S3_ENDPOINT, ready.s3Endpoint().toString());
        environment.put(LakeConfig.REGION, ready.region());
        environment.put("AWS_DEFAULT_REGION", ready.region());
        environment.put(LakeConfig.BUCKET, ready.bucket());
        environment.put("AWS_SHARED_CREDENTIALS_FILE", credentials().toString());
        environment.put("AWS_PROFILE", "pipeline");
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        return environment;
    }

    /**
     * The process id of Postgres' parent process, which is nobody's child.
     *
     * @throws LakeException of kind {@code UNFIT} if it does not run
     */
    public long postmaster() {
        Path file = dataDirectory.resolve("postgres").resolve("postmaster.pid");
        try {
            return Long.parseLong(Files.readAllLines(file).get(0).strip());
        } catch (IOException | RuntimeException e) {
            throw new LakeException(LakeException.Kind.UNFIT, file + " does not say that Postgres runs", e);
        }
    }

    private String password() {
        System.setProperty(PASSWORD_FILE_PROPERTY, passwords().toString());
        Postgres postgres = ready.postgres();
        String password = PgPassParser.getPassword(
                postgres.host(), Integer.toString(postgres.port()), postgres.database(), postgres.user());
        if (password == null) {
            throw new LakeException(
                    LakeException.Kind.CORRUPT,
                    passwords() + " has no password for Postgres on port " + postgres.port());
        }
        return password;
    }

    private Path credentials() {
        return dataDirectory.resolve("secrets").resolve("aws-credentials");
    }

    private Path passwords() {
        return dataDirectory.resolve("secrets").resolve("pgpass");
    }
}
