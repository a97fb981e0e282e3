package dev.tenantlake.query.grants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.query.ScriptedAws;
import dev.tenantlake.query.command.StopRequest;
import dev.tenantlake.query.history.LakeSchema;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.InvalidInputException;

/** What Lake Formation does on AWS and local-aws does not. */
class LakePermissionsTest {

    private static final String ROLE = "arn:aws:iam::123456789012:role/tenantlake-analyst-acme";
    private static final LakePermissions.Grant DESCRIBE = new LakePermissions.Grant.Describe("silver");

    private final ScriptedAws aws = new ScriptedAws();
    private final AwsClients clients = new AwsClients(
            LakeConfig.from(Map.of("AWS_ENDPOINT_URL", aws.endpoint().toString())),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")));
    private final ChangeLog changes = new ChangeLog();
    private final StopRequest stop = new StopRequest();
    private final LakePermissions permissions = new LakePermissions(
            clients.configure(LakeFormationClient.builder()).build(), "123456789012", stop, changes);

    LakePermissionsTest() throws IOException {}

    @AfterEach
    void close() {
        clients.close();
        aws.close();
    }

    @Test
    void findsTheTablesThatAreOpenToEverybody() {
        aws.answer("ListPermissions", """
                {"PrincipalResourcePermissions":[
                {"Resource":{"Database":{"Name":"silver"}},"Permissions":["ALL"]},
                {"Resource":{"Table":{"DatabaseName":"silver","Name":"orders"}},"Permissions":["ALL"]},
                {"Resource":{"Table":{"DatabaseName":"another_lake","Name":"orders"}},"Permissions":["ALL"]}],
                "NextToken":"more"}""");
        aws.answer("ListPermissions", """
                {"PrincipalResourcePermissions":[
                {"Resource":{"Table":{"DatabaseName":"gold","TableWildcard":{}}},"Permissions":["ALL"]},
                {"Resource":{"TableWithColumns":{"DatabaseName":"silver","Name":"events","ColumnWildcard":{}}},
                "Permissions":["SELECT"]}]}""");
        assertThat(permissions.openTables()).containsExactly("gold.*", "silver.events", "silver.orders");
        assertThat(aws.calls()
                        .get(0)
                        .input()
                        .at("/Principal/DataLakePrincipalIdentifier")
                        .textValue())
                .isEqualTo("IAM_ALLOWED_PRINCIPALS");
    }

    @Test
    void grantsNothingWhereNoFilterWouldHold() {
        aws.answer("ListPermissions", """
                {"PrincipalResourcePermissions":[
                {"Resource":{"Table":{"DatabaseName":"silver","Name":"orders"}},"Permissions":["ALL"]}]}""");
        LakeLayout layout = new LakeLayout("lake");
        GrantsApplication application = new GrantsApplication(
                new AnalystRoles(
                        clients.configure(IamClient.builder()).build(),
                        new AnalystPolicies(new Account("aws", "123456789012", "us-east-1"), layout, List.of()),
                        Optional.empty(),
                        changes),
                new AnalystWorkgroups(
                        clients.configure(AthenaClient.builder()).build(), clients.s3(), layout, 10_000_000, changes),
                new CellsFilters(
                        clients.configure(LakeFormationClient.builder()).build(), "123456789012", changes),
                permissions,
                PreparedQueries.of(clients.configure(AthenaClient.builder()).build(), changes),
                changes);
        LakeTables tables = new LakeTables(
                List.of(new GrantableTable(
                        "silver", "orders", Optional.of("tenant_id"), new GrantableTable.AllBut(List.of()))),
                Map.of(),
                new LakeSchema(new TreeMap<>()));
        assertThatThrownBy(() -> application.apply(List.of(new Tenant(3, "acme")), tables))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(LakeException.Kind.UNFIT))
                .hasMessageStartingWith("row filters would not hold on silver.orders: ");
        assertThat(aws.operations()).containsExactly("ListPermissions");
    }

    @Test
    void waitsForARoleToBeKnownThatWasJustMade() {
        aws.replace("GrantPermissions", 400, """
                {"__type":"InvalidInputException","Message":"Invalid principal, %s"}""".formatted(ROLE));
        aws.answer("GrantPermissions", "{}");
        permissions.grant(ROLE, DESCRIBE);
        assertThat(aws.operations()).containsExactly("GrantPermissions", "GrantPermissions");
        assertThat(changes.changes())
                .containsExactly(new Change(
                        Change.Action.CREATED, Change.Kind.GRANT, "describe on silver to tenantlake-analyst-acme"));
    }

    @Test
    void doesNotWaitForARoleWhenItIsToEnd() {
        aws.replace("GrantPermissions", 400, """
                {"__type":"InvalidInputException","Message":"Invalid principal, %s"}""".formatted(ROLE));
        stop.make();
        assertThatThrownBy(() -> permissions.grant(ROLE, DESCRIBE)).isInstanceOf(InvalidInputException.class);
        assertThat(aws.operations()).hasSize(1);
    }

    @Test
    void doesNotTryAgainWhatWillNeverBeTaken() {
        aws.replace("GrantPermissions", 400, """
                {"__type":"InvalidInputException","Message":"Resource does not exist"}""");
        assertThatThrownBy(() -> permissions.grant(ROLE, DESCRIBE)).isInstanceOf(InvalidInputException.class);
        assertThat(aws.operations()).hasSize(1);
    }

    @Test
    void takesAGrantThatIsListedTwiceForTakenOnce() {
        aws.answer("ListPermissions", """
                {"PrincipalResourcePermissions":[
                {"Principal":{"DataLakePrincipalIdentifier":"%1$s"},"Permissions":["SELECT"],
                "Resource":{"Table":{"DatabaseName":"silver","Name":"orders"}}},
                {"Principal":{"DataLakePrincipalIdentifier":"%1$s"},"Permissions":["SELECT"],
                "Resource":{"TableWithColumns":{"DatabaseName":"silver","Name":"orders","ColumnWildcard":{}}}},
                {"Principal":{"DataLakePrincipalIdentifier":"%1$s"},"Permissions":["DESCRIBE"],
                "Resource":{"Database":{"Name":"silver"}}}]}""".formatted(ROLE));
        aws.answer("RevokePermissions", "{}");
        assertThat(permissions.revokeAllBut(ROLE, Set.of(DESCRIBE))).containsExactly(DESCRIBE);
        assertThat(aws.operations()).containsExactly("ListPermissions", "RevokePermissions", "RevokePermissions");

        aws.replace("RevokePermissions", 400, """
                {"__type":"InvalidInputException","Message":"No permissions revoked. Grantee does not have: [SELECT]"}""");
        int before = changes.changes().size();
        permissions.revokeAllBut(ROLE, Set.of(DESCRIBE));
        assertThat(changes.changes()).hasSize(before);
    }

    @Test
    void takesBackAGrantThatCanBePassedOn() {
        aws.answer("ListPermissions", """
                {"PrincipalResourcePermissions":[
                {"Principal":{"DataLakePrincipalIdentifier":"%s"},"Permissions":["DESCRIBE"],
                "PermissionsWithGrantOption":["DESCRIBE"],"Resource":{"Database":{"Name":"silver"}}}]}""".formatted(ROLE));
        aws.answer("RevokePermissions", "{}");
        assertThat(permissions.revokeAllBut(ROLE, Set.of(DESCRIBE))).isEmpty();
        assertThat(aws.calls()
                        .get(1)
                        .input()
                        .at("/PermissionsWithGrantOption/0")
                        .textValue())
                .isEqualTo("DESCRIBE");
    }
}
