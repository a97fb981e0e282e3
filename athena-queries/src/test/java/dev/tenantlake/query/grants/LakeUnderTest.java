package dev.tenantlake.query.grants;

import dev.tenantlake.local.LocalAwsProcess;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.Catalog;
import dev.tenantlake.model.CatalogTable;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.SourceColumn;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.query.command.StopRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** A lake's services on this machine, without tables to begin with, and without a query engine. */
final class LakeUnderTest implements AutoCloseable {

    static final LakeGrants.Options OPTIONS = new LakeGrants.Options(10_000_000_000L, List.of(), Optional.empty());

    private final LocalAwsProcess aws;
    private final AwsClients admin;
    private final LakeServices services;
    private final Catalog catalog;

    LakeUnderTest(Path directory) {
        this.aws = LocalAwsProcess.start(directory, false);
        this.admin = clients("admin");
        this.services = LakeServices.of(admin, List.of());
        this.catalog = new Catalog(services.glue(), admin.config().layout());
    }

    AwsClients clients(String profile) {
        return new AwsClients(
                LakeConfig.from(aws.environment(profile)),
                StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(aws.accessKeyId(profile), aws.secretAccessKey(profile))));
    }

    AwsClients admin() {
        return admin;
    }

    Map<String, String> environment(String profile) {
        return aws.environment(profile);
    }

    LakeServices services() {
        return services;
    }

    LakeGrants grants(TenantDirectory directory) {
        return grants(services, directory);
    }

    LakeGrants grants(LakeServices through, TenantDirectory directory) {
        return new LakeGrants(admin.config(), through, directory, OPTIONS, new StopRequest(), Clock.systemUTC());
    }

    LakeServices services(ExecutionInterceptor interceptor) {
        return LakeServices.of(admin, List.of(interceptor));
    }

    /** Brings the grants in step with these tenants and the tables that there are. */
    GrantsReport apply(Tenant... tenants) {
        LakeGrants grants = grants(() -> List.of(tenants));
        return grants.apply(grants.observe());
    }

    /** Registers a silver table as the silver job does. */
    void addSilver(SourceTable table) {
        List<CatalogTable.Column> columns = new ArrayList<>();
        List<CatalogTable.Column> partitions = new ArrayList<>();
        for (SourceColumn column : table.columns()) {
            (table.partitionColumns().contains(column.name()) ? partitions : columns)
                    .add(new CatalogTable.Column(column.name(), column.type().glueType()));
        }
        for (String derived : table.derivedColumns()) {
            partitions.add(new CatalogTable.Column(
                    derived, derived.equals(SourceTable.MONTH_PARTITION) ? "string" : "bigint"));
        }
        add(Layer.SILVER, table.name(), columns, partitions);
    }

    /** Registers a bronze table as cdc-ingest does, with columns beside those that the model knows. */
    void addBronze(SourceTable table, String name, String... further) {
        List<CatalogTable.Column> columns = new ArrayList<>();
        table.columns()
                .forEach(column -> columns.add(
                        new CatalogTable.Column(column.name(), column.type().glueType())));
        for (String column : further) {
            columns.add(new CatalogTable.Column(column, "string"));
        }
        BronzeColumns.ALL.forEach(column -> columns.add(new CatalogTable.Column(column.name(), column.glueType())));
        add(
                Layer.BRONZE,
                name,
                columns,
                List.of(
                        new CatalogTable.Column(BronzeColumns.INGEST_DATE, "string"),
                        new CatalogTable.Column(BronzeColumns.EPOCH_BLOCK, "bigint")));
    }

    /** Registers a gold table with a tenant's column. */
    void addGold(String name) {
        add(
                Layer.GOLD,
                name,
                List.of(new CatalogTable.Column("revenue", "decimal(18,2)")),
                List.of(new CatalogTable.Column("tenant_id", "bigint")));
    }

    void add(Layer layer, String name, List<CatalogTable.Column> columns, List<CatalogTable.Column> partitionColumns) {
        catalog.ensureDatabase(layer);
        new Catalog(services.glue(), admin.config().layout())
                .ensureTable(
                        new CatalogTable(layer, name, CatalogTable.Format.HUDI, columns, partitionColumns, Map.of()));
    }

    void drop(Layer layer, String name) {
        services.glue()
                .deleteTable(delete -> delete.databaseName(layer.database()).name(name));
    }

    @Override
    public void close() {
        services.close();
        admin.close();
        aws.close();
    }
}
