package dev.tenantlake.local;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.athena.AthenaApi;
import dev.tenantlake.local.athena.AthenaState;
import dev.tenantlake.local.athena.QueryHistory;
import dev.tenantlake.local.athena.QueryRunner;
import dev.tenantlake.local.engine.QueryEngine;
import dev.tenantlake.local.engine.TableAccess;
import dev.tenantlake.local.glue.GlueAccess;
import dev.tenantlake.local.glue.GlueApi;
import dev.tenantlake.local.glue.GlueCatalog;
import dev.tenantlake.local.identity.AccessKey;
import dev.tenantlake.local.identity.Account;
import dev.tenantlake.local.identity.IamApi;
import dev.tenantlake.local.identity.KeyRing;
import dev.tenantlake.local.identity.Permissions;
import dev.tenantlake.local.identity.Roles;
import dev.tenantlake.local.identity.Sessions;
import dev.tenantlake.local.identity.StsApi;
import dev.tenantlake.local.lakeformation.LakeFormationAccess;
import dev.tenantlake.local.lakeformation.LakeFormationApi;
import dev.tenantlake.local.lakeformation.LakeFormationState;
import dev.tenantlake.local.s3.ObjectStore;
import dev.tenantlake.local.s3.S3Server;
import dev.tenantlake.local.state.Journal;
import dev.tenantlake.local.wire.AwsApi;
import dev.tenantlake.local.wire.AwsEndpoint;
import dev.tenantlake.local.wire.SignatureVerifier;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** S3 and the other AWS services, with what a lake's Terraform makes on AWS: bucket, databases, workgroup. */
final class AwsServices implements AutoCloseable {

    private final Journal journal;
    private final S3Server s3;
    private final QueryRunner queries;
    private final TableAccess tableAccess;
    private final AwsEndpoint endpoint;

    private AwsServices(
            Journal journal, S3Server s3, QueryRunner queries, TableAccess tableAccess, AwsEndpoint endpoint) {
        this.journal = requireNonNull(journal, "journal");
        this.s3 = requireNonNull(s3, "s3");
        this.queries = requireNonNull(queries, "queries");
        this.tableAccess = requireNonNull(tableAccess, "tableAccess");
        this.endpoint = requireNonNull(endpoint, "endpoint");
    }

    /**
     * Starts them.
     *
     * @param userKeys the keys of all users
     */
    static AwsServices start(DataDirectory directory, Ports ports, String bucket, List<AccessKey> userKeys) {
        Clock clock = Clock.systemUTC();
        Journal journal = Journal.open(directory.journal());
        S3Server s3 = null;
        try {
            Roles roles = new Roles(journal);
            Sessions sessions = new Sessions(journal, clock);
            KeyRing keys = new KeyRing(userKeys, sessions);
            Permissions permissions = new Permissions(roles::policiesOf);

            GlueCatalog catalog = new GlueCatalog(journal);
            catalog.ensureDatabases(bucket, clock.instant());
            LakeFormationState lakeFormation = new LakeFormationState(journal, catalog);
            LakeFormationAccess access = new LakeFormationAccess(lakeFormation, catalog, roles);

            s3 = S3Server.start(directory.s3(), keys, permissions, clock, ports.s3());
            s3.ensureBucket(bucket);

            AthenaState athena = new AthenaState(journal);
            athena.ensureWorkgroup(bucket, clock.instant());
            QueryHistory history = new QueryHistory(journal);
            history.endUnfinished(clock.instant());
            ObjectStore objects = s3.objects();
            QueryRunner queries = new QueryRunner(history, athena, objects, directory.scratch(), clock);

            List<AwsApi> apis = List.of(
                    GlueApi.create(catalog, new GlueAccess(permissions, access), clock),
                    LakeFormationApi.create(lakeFormation, access, catalog, roles, permissions, clock),
                    AthenaApi.create(athena, history, queries, objects, permissions, clock),
                    IamApi.create(roles, permissions, clock),
                    StsApi.create(roles, sessions, permissions));
            AwsEndpoint endpoint =
                    AwsEndpoint.start(new SignatureVerifier(keys, Account.REGION, clock), apis, ports.aws());
            return new AwsServices(journal, s3, queries, access, endpoint);
        } catch (RuntimeException e) {
            if (s3 != null) {
                s3.close();
            }
            journal.close();
            throw e;
        }
    }

    URI endpoint() {
        return endpoint.uri();
    }

    URI s3Endpoint() {
        return s3.uri();
    }

    /** Who may read what, for the query engine. */
    TableAccess tableAccess() {
        return tableAccess;
    }

    /** Has queries run by an engine, or fail without one. */
    void use(Optional<QueryEngine> engine) {
        queries.use(engine);
    }

    @Override
    public void close() {
        queries.close();
        endpoint.close();
        s3.close();
        journal.close();
    }
}
