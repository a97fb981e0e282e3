package dev.tenantlake.local.lakeformation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.glue.GlueCatalog;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.state.Change;
import dev.tenantlake.local.state.Journal;
import dev.tenantlake.local.state.JournaledMap;
import dev.tenantlake.local.state.Keys;
import dev.tenantlake.local.wire.JsonApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What Lake Formation holds: filters, grants, registered locations and the data lake's settings. */
public final class LakeFormationState {

    private static final String SETTINGS = "settings";

    private final Journal journal;
    private final JournaledMap<DataCellsFilter> filters;
    private final JournaledMap<Grant> grants;
    private final JournaledMap<ObjectNode> locations;
    private final JournaledMap<ObjectNode> settings;

    /** @param catalog whose tables take their filters and grants with them when they are dropped */
    public LakeFormationState(Journal journal, GlueCatalog catalog) {
        this.journal = requireNonNull(journal, "journal");
        this.filters = journal.map("lakeformation.filters", DataCellsFilter.class);
        this.grants = journal.map("lakeformation.grants", Grant.class);
        this.locations = journal.map("lakeformation.locations", ObjectNode.class);
        this.settings = journal.map("lakeformation.settings", ObjectNode.class);
        catalog.onDrop(new GlueCatalog.DropListener() {
            @Override
            public void dropped(Change change, GlueCatalog.Table table) {
                removeTable(change, table.database(), table.name());
            }

            @Override
            public void dropped(Change change, GlueCatalog.Database database) {
                removeGrants(change, resource -> resource.isIn(database.name()));
            }
        });
    }

    void change(Consumer<Change> change) {
        journal.change(change);
    }

    Optional<DataCellsFilter> filter(String database, String table, String name) {
        return filters.get(Keys.of(database, table, name));
    }

    List<DataCellsFilter> filters() {
        return filters.values();
    }

    List<DataCellsFilter> filtersOf(String database, String table) {
        return filters.valuesUnder(Keys.under(database, table));
    }

    void put(Change change, DataCellsFilter filter) {
        change.put(filters, filter.key(), filter);
    }

    /** Removes a filter, and with it every grant on it. */
    void remove(Change change, DataCellsFilter filter) {
        change.remove(filters, filter.key());
        LakeResource resource = new LakeResource.Filter(filter.database(), filter.table(), filter.name());
        grants.values().stream().filter(grant -> grant.on().equals(resource)).forEach(grant -> remove(change, grant));
    }

    private void removeTable(Change change, String database, String table) {
        filtersOf(database, table).forEach(filter -> change.remove(filters, filter.key()));
        removeGrants(change, resource -> resource.isOf(database, table));
    }

    private void removeGrants(Change change, Predicate<LakeResource> on) {
        grants.values().stream().filter(grant -> on.test(grant.on())).forEach(grant -> remove(change, grant));
    }

    List<Grant> grants() {
        return grants.values();
    }

    List<Grant> grantsOf(String principal) {
        return grants.valuesUnder(Keys.under(principal));
    }

    Optional<Grant> grant(String principal, LakeResource resource) {
        return grants.get(Grant.key(principal, resource));
    }

    void put(Change change, Grant grant) {
        change.put(grants, grant.key(), grant);
    }

    void remove(Change change, Grant grant) {
        change.remove(grants, grant.key());
    }

    List<ObjectNode> locations() {
        return locations.values();
    }

    Optional<ObjectNode> location(String arn) {
        return locations.get(Keys.of(arn));
    }

    void putLocation(Change change, String arn, ObjectNode location) {
        change.put(locations, Keys.of(arn), location);
    }

    void removeLocation(Change change, String arn) {
        change.remove(locations, Keys.of(arn));
    }

    /** A {@code DataLakeSettings}; until it is put, the admin is the one administrator. */
    ObjectNode settings() {
        return settings.get(SETTINGS).orElseGet(() -> {
            ObjectNode initial = JsonApi.object();
            initial.putArray("DataLakeAdmins").addObject().put("DataLakePrincipalIdentifier", Caller.User.ADMIN.arn());
            initial.putArray("CreateDatabaseDefaultPermissions");
            initial.putArray("CreateTableDefaultPermissions");
            return initial;
        });
    }

    void putSettings(Change change, ObjectNode fresh) {
        change.put(settings, SETTINGS, fresh);
    }

    List<String> administrators() {
        List<String> administrators = new ArrayList<>();
        for (JsonNode administrator : settings().path("DataLakeAdmins")) {
            administrators.add(administrator.path("DataLakePrincipalIdentifier").asText());
        }
        return administrators;
    }
}
