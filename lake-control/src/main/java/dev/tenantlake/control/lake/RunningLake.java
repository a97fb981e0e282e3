package dev.tenantlake.control.lake;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.process.ProcessIdentity;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LakeException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

/** A lake whose services answer, and the ways to them. */
public final class RunningLake {

    private final DataDirectory directory;
    private final LocalServices services;

    private RunningLake(DataDirectory directory, LocalServices services) {
        this.directory = requireNonNull(directory, "directory");
        this.services = requireNonNull(services, "services");
    }

    /** The lake that runs on a data directory, or empty if none does or local-aws does not answer yet. */
    public static Optional<RunningLake> find(DataDirectory directory) {
        return LakeRecord.read(directory)
                .flatMap(record -> record.service("local-aws"))
                .flatMap(service -> service.process())
                .filter(ProcessIdentity::isAlive)
                .flatMap(process -> LocalServices.read(directory).filter(ready -> ready.pid() == process.pid()))
                .map(ready -> new RunningLake(directory, ready));
    }

    /**
     * The lake that runs on a data directory.
     *
     * @throws LakeException of kind {@code UNFIT} if none does
     */
    public static RunningLake require(DataDirectory directory) {
        return find(directory)
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.UNFIT,
                        "no lake is running on " + directory.root() + ": start it with ./tenantlake up, or name another"
                                + " data directory with --data-dir"));
    }

    public DataDirectory directory() {
        return directory;
    }

    public LocalServices services() {
        return services;
    }

    public LakeConfig config() {
        return new LakeConfig(
                services.bucket(),
                services.region(),
                Optional.of(services.awsEndpoint()),
                Optional.of(services.s3Endpoint()));
    }

    /** Clients that act as the lake's administrator; the caller closes them. */
    public AwsClients adminClients() {
        return new AwsClients(config(), new LakeSecrets(directory).admin());
    }

    /**
     * A connection to the source.
     *
     * @throws LakeException of kind {@code UNAVAILABLE} if Postgres does not answer
     */
    public Connection connect() {
        LocalServices.Postgres postgres = services.postgres();
        Properties properties = new Properties();
        properties.setProperty("user", postgres.user());
        properties.setProperty("password", new LakeSecrets(directory).postgresPassword());
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("ApplicationName", "tenantlake lake-control");
        String address = postgres.host() + ":" + postgres.port() + "/" + postgres.database();
        try {
            return DriverManager.getConnection("jdbc:postgresql://" + address, properties);
        } catch (SQLException e) {
            throw new LakeException(
                    LakeException.Kind.UNAVAILABLE,
                    "Postgres does not answer at " + address + ": "
                            + e.getMessage().lines().findFirst().orElse("") + "; see ./tenantlake status",
                    e);
        }
    }
}
