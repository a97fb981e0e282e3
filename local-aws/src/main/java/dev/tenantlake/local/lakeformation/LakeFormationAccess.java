package dev.tenantlake.local.lakeformation;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.engine.TableAccess;
import dev.tenantlake.local.glue.GlueAccess;
import dev.tenantlake.local.glue.GlueCatalog;
import dev.tenantlake.local.glue.GlueCatalog.Table;
import dev.tenantlake.local.identity.Roles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Who may read what, by the grants: the answer to the query engine's and to Glue's questions. A view is nobody's but
 * the administrators', since the filters of the tables under it do not reach it.
 */
public final class LakeFormationAccess implements TableAccess, GlueAccess.ColumnGrants {

    private final LakeFormationState state;
    private final GlueCatalog catalog;
    private final Roles roles;

    public LakeFormationAccess(LakeFormationState state, GlueCatalog catalog, Roles roles) {
        this.state = requireNonNull(state, "state");
        this.catalog = requireNonNull(catalog, "catalog");
        this.roles = requireNonNull(roles, "roles");
    }

    @Override
    public boolean isAdministrator(String principalArn) {
        return state.administrators().contains(principalArn)
                && roles.principalId(principalArn).isPresent();
    }

    @Override
    public List<CellsFilter> filtersOn(String principalArn, String database, String table) {
        Optional<Table> found = catalog.table(database, table).filter(it -> !it.isView());
        if (found.isEmpty()) {
            return List.of();
        }
        List<CellsFilter> passing = new ArrayList<>();
        for (Grant grant : grantsOf(principalArn, "SELECT")) {
            filter(grant.on(), found.get())
                    .filter(filter -> !filter.columns().isEmpty())
                    .ifPresent(passing::add);
        }
        return passing;
    }

    /** What a resource, on which reading is granted, lets through of the table. */
    private Optional<CellsFilter> filter(LakeResource resource, Table table) {
        if (resource instanceof LakeResource.AllTables all && all.database().equals(table.database())) {
            return Optional.of(new CellsFilter(Optional.empty(), ColumnSelection.ALL.of(table)));
        }
        if (!resource.isOf(table.database(), table.name())) {
            return Optional.empty();
        }
        if (resource instanceof LakeResource.Columns columns) {
            return Optional.of(
                    new CellsFilter(Optional.empty(), columns.columns().of(table)));
        }
        if (resource instanceof LakeResource.Filter named) {
            return state.filter(named.database(), named.table(), named.name())
                    .map(filter ->
                            new CellsFilter(filter.rows(), filter.columns().of(table)));
        }
        return Optional.of(new CellsFilter(Optional.empty(), ColumnSelection.ALL.of(table)));
    }

    @Override
    public boolean readsAnyOf(String principalArn, String database) {
        return catalog.tables(database).stream()
                .anyMatch(table ->
                        !filtersOn(principalArn, database, table.name()).isEmpty());
    }

    @Override
    public boolean anyIn(String principalArn, String database) {
        return isAdministrator(principalArn)
                || grantsOf(principalArn, any -> true).stream()
                        .anyMatch(grant -> grant.on().isIn(database));
    }

    @Override
    public Set<String> columnsOf(String principalArn, String database, String table) {
        Optional<Table> found = catalog.table(database, table);
        if (found.isEmpty()) {
            return Set.of();
        }
        boolean described = grantsOf(principalArn, "DESCRIBE").stream()
                .map(Grant::on)
                .anyMatch(resource -> resource.equals(new LakeResource.Table(database, table))
                        || resource.equals(new LakeResource.AllTables(database)));
        if (isAdministrator(principalArn) || described && !found.get().isView()) {
            return ColumnSelection.ALL.of(found.get());
        }
        Set<String> columns = new HashSet<>();
        filtersOn(principalArn, database, table).forEach(filter -> columns.addAll(filter.columns()));
        return columns;
    }

    private List<Grant> grantsOf(String principalArn, String permission) {
        return grantsOf(principalArn, grant -> grant.permits(permission));
    }

    private List<Grant> grantsOf(String principalArn, Predicate<Grant> which) {
        Optional<String> id = roles.principalId(principalArn);
        return state.grantsOf(principalArn).stream()
                .filter(grant -> id.filter(grant.principalId()::equals).isPresent())
                .filter(which)
                .toList();
    }
}
