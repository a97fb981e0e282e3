package dev.tenantlake.local;

import dev.tenantlake.local.engine.QueryEngine;
import dev.tenantlake.local.engine.TableAccess;
import dev.tenantlake.local.identity.AccessKey;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** S3 and the AWS services in the process of the test, without Postgres and Trino, and clients of them. */
public final class AwsFixture implements AutoCloseable {

    public static final String BUCKET = "tenantlake";
    public static final String ACCOUNT = "000000000000";

    private final Path path;
    private final List<AwsClients> clients = new ArrayList<>();
    private DataDirectory directory;
    private List<AccessKey> keys;
    private AwsServices services;

    public AwsFixture(Path path) {
        this.path = path;
        start();
    }

    private void start() {
        directory = DataDirectory.open(path);
        keys = new ArrayList<>(new Secrets(directory.secrets()).accessKeys());
        keys.add(AccessKey.create(Caller.User.QUERY_ENGINE));
        services = AwsServices.start(directory, new Ports(0), BUCKET, keys);
    }

    /** Stops the services and starts them on the same data; clients from before are of no use then. */
    public void restart() {
        stop();
        start();
    }

    public void use(QueryEngine engine) {
        services.use(Optional.of(engine));
    }

    public TableAccess tableAccess() {
        return services.tableAccess();
    }

    public URI endpoint() {
        return services.endpoint();
    }

    public URI s3Endpoint() {
        return services.s3Endpoint();
    }

    public AwsCredentials credentials(Caller.User user) {
        AccessKey key =
                keys.stream().filter(it -> it.caller() == user).findFirst().orElseThrow();
        return AwsBasicCredentials.create(key.id(), key.secret());
    }

    public AwsClients admin() {
        return clients(credentials(Caller.User.ADMIN));
    }

    public AwsClients pipeline() {
        return clients(credentials(Caller.User.PIPELINE));
    }

    public AwsClients queryEngine() {
        return clients(credentials(Caller.User.QUERY_ENGINE));
    }

    public AwsClients clients(AwsCredentials credentials) {
        LakeConfig config = new LakeConfig(BUCKET, "us-east-1", Optional.of(endpoint()), Optional.of(s3Endpoint()));
        AwsClients made = new AwsClients(config, StaticCredentialsProvider.create(credentials));
        clients.add(made);
        return made;
    }

    /** Clients of somebody who assumed a role. */
    public AwsClients assume(String role) {
        Credentials session = admin().sts()
                .assumeRole(assume -> assume.roleArn(roleArn(role)).roleSessionName("test"))
                .credentials();
        return clients(
                AwsSessionCredentials.create(session.accessKeyId(), session.secretAccessKey(), session.sessionToken()));
    }

    public static String roleArn(String role) {
        return "arn:aws:iam::" + ACCOUNT + ":role/" + role;
    }

    /** Makes a role that the administrator may assume. */
    public void createRole(String role, String policy) {
        IamClient iam = iam(admin());
        iam.createRole(create -> create.roleName(role).assumeRolePolicyDocument("""
                        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                          "Principal": {"AWS": "arn:aws:iam::000000000000:user/admin"}}]}"""));
        iam.putRolePolicy(put -> put.roleName(role).policyName("lake").policyDocument(policy));
    }

    /** What an analyst's role is allowed: its own workgroup and results, and to ask what it is granted. */
    public static String analystPolicy(String workgroup) {
        return """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Action": ["lakeformation:GetDataAccess", "glue:Get*"], "Resource": "*"},
                  {"Effect": "Allow", "Action": "athena:*",
                    "Resource": "arn:aws:athena:us-east-1:000000000000:workgroup/%1$s"},
                  {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::tenantlake"},
                  {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                    "Resource": "arn:aws:s3:::tenantlake/athena-results/%1$s/*"}]}""".formatted(workgroup);
    }

    public static IamClient iam(AwsClients clients) {
        return clients.configure(IamClient.builder()).build();
    }

    public static AthenaClient athena(AwsClients clients) {
        return clients.configure(AthenaClient.builder()).build();
    }

    public static LakeFormationClient lakeFormation(AwsClients clients) {
        return clients.configure(LakeFormationClient.builder()).build();
    }

    private void stop() {
        services.close();
        directory.close();
    }

    @Override
    public void close() {
        for (AwsClients client : clients) {
            client.close();
        }
        stop();
    }
}
