package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.Principal;
import dev.tenantlake.query.grants.LakePermissions.Grant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.lakeformation.model.DataCellsFilter;

/**
 * Brings roles, workgroups, prepared statements, data cells filters and grants in step with the tenants and tables that there are.
 *
 * <p>Its order keeps every state in between at least as closed as the one before and the one after, so that it can end
 * at any call: a filter is made before it is granted; a role gets its policy, without which it may do nothing, when all
 * else is there, and loses it first. Whatever an earlier run left undone is found again by name and mark, and done.
 */
final class GrantsApplication {

    private static final Logger LOG = LoggerFactory.getLogger(GrantsApplication.class);

    private final AnalystRoles roles;
    private final AnalystWorkgroups workgroups;
    private final CellsFilters filters;
    private final LakePermissions permissions;
    private final PreparedQueries statements;
    private final ChangeLog changes;

    GrantsApplication(
            AnalystRoles roles,
            AnalystWorkgroups workgroups,
            CellsFilters filters,
            LakePermissions permissions,
            PreparedQueries statements,
            ChangeLog changes) {
        this.roles = requireNonNull(roles, "roles");
        this.workgroups = requireNonNull(workgroups, "workgroups");
        this.filters = requireNonNull(filters, "filters");
        this.permissions = requireNonNull(permissions, "permissions");
        this.statements = requireNonNull(statements, "statements");
        this.changes = requireNonNull(changes, "changes");
    }

    /**
     * Brings the grants in step.
     *
     * @param tenants all tenants that there are: the analysts of others lose what they have
     * @param tables all tables that there are: filters on others are removed
     * @throws LakeException of kind {@code UNFIT} if a table is open to everybody, so that its filters would not hold
     */
    GrantsReport apply(List<Tenant> tenants, LakeTables tables) {
        requireFiltersToHold();
        tables.withheld()
                .forEach((table, reason) -> LOG.info("event=table_withheld table={} reason=\"{}\"", table, reason));
        Map<String, AnalystRoles.Existing> presentRoles = roles.existing();
        Map<String, AnalystWorkgroups.Existing> presentWorkgroups = workgroups.existing();
        SortedMap<String, String> refused = new TreeMap<>();
        SortedMap<String, Tenant> admitted = admitted(tenants, presentRoles, presentWorkgroups, refused);
        Map<CellsFilters.Key, DataCellsFilter> presentFilters = filters.existing();

        for (String slug : departed(admitted, presentRoles, presentWorkgroups)) {
            offboard(
                    Optional.ofNullable(presentRoles.remove(slug)),
                    Optional.ofNullable(presentWorkgroups.remove(slug)),
                    takeFilters(presentFilters, slug));
        }
        removeStale(presentFilters, admitted, tables);
        statements.ensure(new Principal.Admin(), tables.schema());
        for (Tenant tenant : admitted.values()) {
            onboard(
                    tenant,
                    tables,
                    Optional.ofNullable(presentRoles.get(tenant.slug())),
                    presentWorkgroups.containsKey(tenant.slug()),
                    presentFilters);
        }
        return new GrantsReport(
                List.copyOf(admitted.keySet()),
                refused,
                tables.granted().stream().map(GrantableTable::qualifiedName).toList(),
                changes.changes(),
                changes.keptSoFar());
    }

    private void requireFiltersToHold() {
        Set<String> open = permissions.openTables();
        if (!open.isEmpty()) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "row filters would not hold on " + String.join(", ", open)
                            + ": Lake Formation grants it to IAM_ALLOWED_PRINCIPALS, which is everybody; revoke that and"
                            + " take it out of the data lake settings' default permissions");
        }
    }

    /** The tenants that get an analyst, by slug; of the others it is said why not. */
    private static SortedMap<String, Tenant> admitted(
            List<Tenant> tenants,
            Map<String, AnalystRoles.Existing> presentRoles,
            Map<String, AnalystWorkgroups.Existing> presentWorkgroups,
            SortedMap<String, String> refused) {
        SortedMap<String, Tenant> admitted = new TreeMap<>();
        for (Tenant tenant : tenants) {
            String slug = tenant.slug();
            try {
                Principal.Analyst analyst = new Principal.Analyst(slug);
                if (presentRoles.containsKey(slug)
                        && presentRoles.get(slug).tenantId().isEmpty()) {
                    refused.put(slug, "role " + analyst.roleName() + " is there and Tenantlake did not make it");
                } else if (presentWorkgroups.containsKey(slug)
                        && presentWorkgroups.get(slug).tenantId().isEmpty()) {
                    refused.put(slug, "workgroup " + analyst.workgroup() + " is there and Tenantlake did not make it");
                } else if (admitted.put(slug, tenant) != null) {
                    // Whoever got the slug's role would see the other's rows.
                    refused.put(slug, "several tenants have this slug");
                }
            } catch (LakeException e) {
                refused.put(slug, e.getMessage());
            }
        }
        admitted.keySet().removeAll(refused.keySet());
        return admitted;
    }

    /** The slugs whose role or workgroup is ours and was made for a tenant that does not have the slug any more. */
    private static SortedSet<String> departed(
            Map<String, Tenant> admitted,
            Map<String, AnalystRoles.Existing> presentRoles,
            Map<String, AnalystWorkgroups.Existing> presentWorkgroups) {
        SortedSet<String> departed = new TreeSet<>();
        presentRoles.forEach((slug, role) -> {
            if (isOfAnother(role.tenantId(), admitted.get(slug))) {
                departed.add(slug);
            }
        });
        presentWorkgroups.forEach((slug, workgroup) -> {
            if (isOfAnother(workgroup.tenantId(), admitted.get(slug))) {
                departed.add(slug);
            }
        });
        return departed;
    }

    private static boolean isOfAnother(OptionalLong madeFor, Tenant tenant) {
        return madeFor.isPresent() && (tenant == null || madeFor.getAsLong() != tenant.id());
    }

    private static List<CellsFilters.Key> takeFilters(
            Map<CellsFilters.Key, DataCellsFilter> presentFilters, String slug) {
        List<CellsFilters.Key> keys = presentFilters.keySet().stream()
                .filter(key -> key.slug().equals(slug))
                .toList();
        keys.forEach(presentFilters::remove);
        return keys;
    }

    private void offboard(
            Optional<AnalystRoles.Existing> role,
            Optional<AnalystWorkgroups.Existing> workgroup,
            List<CellsFilters.Key> itsFilters) {
        // What has the name and not the mark is somebody else's.
        Optional<AnalystRoles.Existing> ours =
                role.filter(present -> present.tenantId().isPresent());
        ours.ifPresent(roles::disarm);
        ours.ifPresent(present -> permissions.revokeAllBut(present.arn(), Set.of()));
        itsFilters.forEach(this::remove);
        ours.ifPresent(roles::remove);
        workgroup.filter(present -> present.tenantId().isPresent()).ifPresent(workgroups::remove);
    }

    /** Filters of tenants and tables that are gone, of whom nothing else is left. */
    private void removeStale(
            Map<CellsFilters.Key, DataCellsFilter> presentFilters, Map<String, Tenant> admitted, LakeTables tables) {
        Set<CellsFilters.Key> wanted = new LinkedHashSet<>();
        for (String slug : admitted.keySet()) {
            tables.granted().forEach(table -> wanted.add(CellsFilters.Key.of(table, slug)));
        }
        List<CellsFilters.Key> stale = new ArrayList<>(presentFilters.keySet());
        stale.removeAll(wanted);
        stale.forEach(this::remove);
    }

    private void remove(CellsFilters.Key filter) {
        permissions.revokeAllOn(filter);
        filters.remove(filter);
    }

    private void onboard(
            Tenant tenant,
            LakeTables tables,
            Optional<AnalystRoles.Existing> presentRole,
            boolean hasWorkgroup,
            Map<CellsFilters.Key, DataCellsFilter> presentFilters) {
        Principal.Analyst analyst = new Principal.Analyst(tenant.slug());
        AnalystRoles.Existing role = presentRole.orElseGet(() -> roles.create(analyst, tenant.id()));
        Optional<String> policy = presentRole.flatMap(present -> roles.policy(analyst));
        if (presentRole.isPresent()) {
            roles.ensureTrust(role);
            // A policy that is there may be wider than it should.
            policy.ifPresent(present -> roles.ensurePolicy(analyst, policy));
        }

        Set<Grant> wanted = new LinkedHashSet<>();
        for (Layer layer : Layer.values()) {
            if (tables.granted().stream().anyMatch(table -> table.database().equals(layer.database()))) {
                wanted.add(new Grant.Describe(layer.database()));
            }
        }
        tables.granted()
                .forEach(table -> wanted.add(new Grant.SelectThrough(CellsFilters.Key.of(table, tenant.slug()))));
        // What a role without its policy is said to have was granted to another one that had its name.
        Set<Grant> present = permissions.revokeAllBut(role.arn(), policy.isPresent() ? wanted : Set.of());

        for (GrantableTable table : tables.granted()) {
            filters.ensure(table, tenant, presentFilters.get(CellsFilters.Key.of(table, tenant.slug())));
        }
        for (Grant grant : wanted) {
            if (present.contains(grant)) {
                changes.kept();
            } else {
                permissions.grant(role.arn(), grant);
            }
        }
        if (hasWorkgroup) {
            workgroups.ensure(analyst);
        } else {
            workgroups.create(analyst, tenant.id());
        }
        statements.ensure(analyst, tables.schema());
        if (policy.isEmpty()) {
            roles.ensurePolicy(analyst, policy);
        }
    }
}
