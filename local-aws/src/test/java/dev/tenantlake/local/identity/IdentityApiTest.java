package dev.tenantlake.local.identity;

import static dev.tenantlake.local.AwsFixture.roleArn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.local.AwsFixture;
import dev.tenantlake.model.AwsClients;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.glue.model.GlueException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.StsException;

class IdentityApiTest {

    private static final String TRUST = """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
              "Principal": {"AWS": "%s"}}]}""";
    private static final String POLICY =
            "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"glue:Get*\",\"Resource\":\"*\"}]}";

    private AwsFixture aws;
    private IamClient iam;
    private StsClient sts;

    @BeforeEach
    void start(@TempDir Path directory) {
        aws = new AwsFixture(directory);
        iam = AwsFixture.iam(aws.admin());
        sts = aws.admin().sts();
    }

    @AfterEach
    void stop() {
        aws.close();
    }

    private Role createRole(String name, String trusted) {
        return iam.createRole(create -> create.roleName(name)
                        .assumeRolePolicyDocument(TRUST.formatted(trusted))
                        .description("An analyst's")
                        .tags(Tag.builder().key("tenant").value("acme & co <1>").build()))
                .role();
    }

    private Credentials assume(StsClient as, String role) {
        return as.assumeRole(assume -> assume.roleArn(roleArn(role)).roleSessionName("somebody"))
                .credentials();
    }

    private AwsClients clients(Credentials session) {
        return aws.clients(
                AwsSessionCredentials.create(session.accessKeyId(), session.secretAccessKey(), session.sessionToken()));
    }

    @Test
    void keepsRolesAndTheirPolicies() {
        Role created = createRole("analyst", "arn:aws:iam::000000000000:user/admin");
        iam.putRolePolicy(put -> put.roleName("analyst").policyName("lake").policyDocument(POLICY));
        aws.restart();
        iam = AwsFixture.iam(aws.admin());

        Role role = iam.getRole(get -> get.roleName("analyst")).role();
        assertThat(role).isEqualTo(created);
        assertThat(role.arn()).isEqualTo(roleArn("analyst"));
        assertThat(role.tags()).extracting(Tag::value).containsExactly("acme & co <1>");
        assertThat(URLDecoder.decode(role.assumeRolePolicyDocument(), StandardCharsets.UTF_8))
                .isEqualTo(TRUST.formatted("arn:aws:iam::000000000000:user/admin"));
        assertThat(iam.listRolePolicies(list -> list.roleName("analyst")).policyNames())
                .containsExactly("lake");
        assertThat(URLDecoder.decode(
                        iam.getRolePolicy(get -> get.roleName("analyst").policyName("lake"))
                                .policyDocument(),
                        StandardCharsets.UTF_8))
                .isEqualTo(POLICY);
    }

    @Test
    void listsRolesByPages() {
        for (int i = 0; i < 5; i++) {
            createRole("analyst-" + i, "arn:aws:iam::000000000000:user/admin");
        }
        assertThat(iam.listRolesPaginator(list -> list.maxItems(2)).roles().stream()
                        .map(Role::roleName)
                        .toList())
                .isEqualTo(List.of("analyst-0", "analyst-1", "analyst-2", "analyst-3", "analyst-4"));
    }

    @Test
    void changesTagsAndTrust() {
        createRole("analyst", "arn:aws:iam::000000000000:user/admin");
        iam.tagRole(tag ->
                tag.roleName("analyst").tags(Tag.builder().key("a").value("1").build()));
        iam.untagRole(untag -> untag.roleName("analyst").tagKeys("tenant"));
        iam.updateAssumeRolePolicy(update ->
                update.roleName("analyst").policyDocument(TRUST.formatted("arn:aws:iam::000000000000:user/pipeline")));

        assertThat(iam.listRoleTags(list -> list.roleName("analyst")).tags())
                .extracting(Tag::key)
                .containsExactly("a");
        assertThat(assume(aws.pipeline().sts(), "analyst")).isNotNull();
        assertThatThrownBy(() -> assume(sts, "analyst")).isInstanceOf(StsException.class);
    }

    @Test
    void namesItsErrors() {
        createRole("analyst", "arn:aws:iam::000000000000:user/admin");
        iam.putRolePolicy(put -> put.roleName("analyst").policyName("lake").policyDocument(POLICY));

        assertThatThrownBy(() -> createRole("analyst", "arn:aws:iam::000000000000:user/admin"))
                .isInstanceOf(EntityAlreadyExistsException.class);
        assertThatThrownBy(() -> iam.getRole(get -> get.roleName("missing"))).isInstanceOf(NoSuchEntityException.class);
        assertThatThrownBy(
                        () -> iam.getRolePolicy(get -> get.roleName("analyst").policyName("missing")))
                .isInstanceOf(NoSuchEntityException.class);
        assertThatThrownBy(() -> iam.deleteRole(delete -> delete.roleName("analyst")))
                .isInstanceOf(DeleteConflictException.class);
        assertThatThrownBy(() -> iam.putRolePolicy(put -> put.roleName("analyst")
                        .policyName("lake")
                        .policyDocument(POLICY.replace("\"Resource\"", "\"Condition\":{},\"Resource\""))))
                .isInstanceOf(MalformedPolicyDocumentException.class)
                .hasMessageContaining("Condition");
        assertThatThrownBy(() -> createRole("other", "*")).isInstanceOf(MalformedPolicyDocumentException.class);
        assertThatThrownBy(() -> iam.listUsers())
                .isInstanceOf(IamException.class)
                .hasMessageContaining("ListUsers");

        iam.deleteRolePolicy(delete -> delete.roleName("analyst").policyName("lake"));
        iam.deleteRole(delete -> delete.roleName("analyst"));
        assertThat(iam.listRoles().roles()).isEmpty();
    }

    @Test
    void saysWhoACallerIs() {
        createRole("analyst", "arn:aws:iam::000000000000:user/admin");

        assertThat(sts.getCallerIdentity().arn()).isEqualTo("arn:aws:iam::000000000000:user/admin");
        assertThat(sts.getCallerIdentity().account()).isEqualTo("000000000000");
        assertThat(clients(assume(sts, "analyst")).sts().getCallerIdentity().arn())
                .isEqualTo("arn:aws:sts::000000000000:assumed-role/analyst/somebody");
    }

    @Test
    void letsTheTrustPolicyDecideWhoAssumesARole() {
        createRole("analyst", "arn:aws:iam::000000000000:user/admin");
        createRole("anybody-in-the-account", "arn:aws:iam::000000000000:root");
        createRole("of-the-pipeline", "arn:aws:iam::000000000000:user/pipeline");
        createRole("of-the-analyst", roleArn("analyst"));
        StsClient pipeline = aws.pipeline().sts();
        StsClient analyst = clients(assume(sts, "analyst")).sts();

        // The account is trusted, and of the two the administrator alone has a policy that lets it.
        assertThat(assume(sts, "anybody-in-the-account")).isNotNull();
        assertDenied(() -> assume(pipeline, "anybody-in-the-account"));
        assertDenied(() -> assume(analyst, "anybody-in-the-account"));
        assertThat(assume(pipeline, "of-the-pipeline")).isNotNull();
        assertDenied(() -> assume(sts, "of-the-pipeline"));
        assertThat(assume(analyst, "of-the-analyst")).isNotNull();
        assertDenied(() -> assume(analyst, "analyst"));
        assertDenied(() -> assume(sts, "missing"));
    }

    private static void assertDenied(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StsException.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDenied");
            assertThat(e.statusCode()).isEqualTo(403);
        });
    }

    @Test
    void boundsASessionInTime() {
        createRole("analyst", "arn:aws:iam::000000000000:user/admin");

        for (int seconds : List.of(899, 3601)) {
            assertThatThrownBy(() -> sts.assumeRole(assume -> assume.roleArn(roleArn("analyst"))
                            .roleSessionName("somebody")
                            .durationSeconds(seconds)))
                    .isInstanceOf(StsException.class)
                    .hasMessageContaining("900 to 3600");
        }
        assertThatThrownBy(() -> sts.assumeRole(assume -> assume.roleArn(roleArn("analyst"))
                        .roleSessionName("somebody")
                        .policy(POLICY)))
                .isInstanceOf(StsException.class)
                .hasMessageContaining("session policies");
    }

    @Test
    void keepsASessionOverARestart() {
        createRole("analyst", "arn:aws:iam::000000000000:user/admin");
        Credentials session = assume(sts, "analyst");
        aws.restart();

        assertThat(clients(session).sts().getCallerIdentity().arn())
                .isEqualTo("arn:aws:sts::000000000000:assumed-role/analyst/somebody");
    }

    @Test
    void permitsWhatARolesPoliciesSay() {
        createRole("analyst", "arn:aws:iam::000000000000:user/admin");
        AwsClients analyst = clients(assume(sts, "analyst"));
        assertThatThrownBy(() -> analyst.glue().getDatabases(all -> {}))
                .isInstanceOf(GlueException.class)
                .hasMessageContaining("not authorized to perform: glue:GetDatabases");

        iam.putRolePolicy(put -> put.roleName("analyst").policyName("lake").policyDocument(POLICY));
        assertThat(analyst.glue().getDatabases(all -> {}).databaseList()).isEmpty();
        assertThatThrownBy(() -> AwsFixture.iam(analyst).listRoles())
                .isInstanceOfSatisfying(
                        IamException.class, e -> assertThat(e.statusCode()).isEqualTo(403));

        iam.putRolePolicy(
                put -> put.roleName("analyst").policyName("not").policyDocument(POLICY.replace("Allow", "Deny")));
        assertThatThrownBy(() -> analyst.glue().getDatabases(all -> {})).isInstanceOf(GlueException.class);
    }

    @Test
    void permitsNothingToTheSessionsOfARoleThatIsGone() {
        createRole("analyst", "arn:aws:iam::000000000000:user/admin");
        iam.putRolePolicy(put -> put.roleName("analyst").policyName("lake").policyDocument(POLICY));
        AwsClients analyst = clients(assume(sts, "analyst"));
        assertThat(analyst.glue().getDatabases(all -> {}).databaseList()).isEmpty();
        iam.deleteRolePolicy(delete -> delete.roleName("analyst").policyName("lake"));
        iam.deleteRole(delete -> delete.roleName("analyst"));
        createRole("analyst", "arn:aws:iam::000000000000:user/admin");
        iam.putRolePolicy(put -> put.roleName("analyst").policyName("lake").policyDocument(POLICY));

        assertThatThrownBy(() -> analyst.glue().getDatabases(all -> {})).isInstanceOf(GlueException.class);
    }

    @Test
    void refusesWhatIsNotSignedRightly() {
        AwsBasicCredentials admin = (AwsBasicCredentials) aws.credentials(Caller.User.ADMIN);
        Credentials session = sessionOfAnalyst();

        assertRefused("SignatureDoesNotMatch", AwsBasicCredentials.create(admin.accessKeyId(), "wrong"));
        assertRefused("InvalidClientTokenId", AwsBasicCredentials.create("AKIAUNKNOWN", admin.secretAccessKey()));
        assertRefused(
                "InvalidClientTokenId",
                AwsSessionCredentials.create(session.accessKeyId(), session.secretAccessKey(), "wrong"));
        assertRefused(
                "InvalidClientTokenId", AwsBasicCredentials.create(session.accessKeyId(), session.secretAccessKey()));
        assertRefused(
                "InvalidClientTokenId",
                AwsSessionCredentials.create(admin.accessKeyId(), admin.secretAccessKey(), session.sessionToken()));
    }

    private Credentials sessionOfAnalyst() {
        createRole("analyst", "arn:aws:iam::000000000000:user/admin");
        return assume(sts, "analyst");
    }

    private void assertRefused(String code, AwsCredentials credentials) {
        AwsClients clients = aws.clients(credentials);
        List<ThrowingCallable> calls = List.of(
                () -> clients.sts().getCallerIdentity(),
                () -> clients.glue().getDatabases(all -> {}),
                () -> AwsFixture.athena(clients).listWorkGroups(all -> {}),
                () -> AwsFixture.lakeFormation(clients).listPermissions(all -> {}),
                () -> AwsFixture.iam(clients).listRoles());
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, e -> {
                assertThat(e.statusCode()).isEqualTo(403);
                assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            });
        }
    }
}
