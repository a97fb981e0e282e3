package dev.tenantlake.query.grants;

import dev.tenantlake.model.LakeLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.lakeformation.model.DataCellsFilter;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.PrincipalResourcePermissions;

/** What each analyst's role has, read from the services and from nothing of ours. */
final class AccessAudit {

    private final LakeServices services;
    private final String bucket;

    AccessAudit(LakeServices services, LakeLayout layout) {
        this.services = services;
        this.bucket = layout.bucket();
    }

    /** By role name, what it may see: {@code silver.orders tenant_id = 3 without [email]}, {@code describe gold} … */
    SortedMap<String, List<String>> access() {
        Map<String, DataCellsFilter> filters = new HashMap<>();
        services.lakeFormation()
                .listDataCellsFilter(list -> list.maxResults(1000))
                .dataCellsFilters()
                .forEach(filter ->
                        filters.put(filter.databaseName() + "." + filter.tableName() + "/" + filter.name(), filter));
        SortedMap<String, List<String>> access = new TreeMap<>();
        for (Role role : services.iam().listRoles().roles()) {
            List<String> has = new ArrayList<>();
            for (PrincipalResourcePermissions entry : services.lakeFormation()
                    .listPermissions(
                            list -> list.principal(principal -> principal.dataLakePrincipalIdentifier(role.arn())))
                    .principalResourcePermissions()) {
                has.add(described(entry, filters));
            }
            access.put(role.roleName(), has.stream().sorted().toList());
        }
        return access;
    }

    private static String described(PrincipalResourcePermissions entry, Map<String, DataCellsFilter> filters) {
        if (entry.resource().dataCellsFilter() != null && entry.permissions().equals(List.of(Permission.SELECT))) {
            DataCellsFilter filter =
                    filters.get(entry.resource().dataCellsFilter().databaseName() + "."
                            + entry.resource().dataCellsFilter().tableName() + "/"
                            + entry.resource().dataCellsFilter().name());
            return filter.databaseName() + "." + filter.tableName() + " "
                    + (filter.rowFilter().allRowsWildcard() == null
                            ? filter.rowFilter().filterExpression()
                            : "all rows")
                    + (filter.columnNames().isEmpty() ? "" : " only " + new TreeSet<>(filter.columnNames()))
                    + (filter.columnWildcard() == null
                                    || filter.columnWildcard()
                                            .excludedColumnNames()
                                            .isEmpty()
                            ? ""
                            : " without "
                                    + new TreeSet<>(filter.columnWildcard().excludedColumnNames()));
        }
        if (entry.resource().database() != null && entry.permissions().equals(List.of(Permission.DESCRIBE))) {
            return "describe " + entry.resource().database().name();
        }
        return entry.permissionsAsStrings() + " on " + entry.resource();
    }

    /**
     * What any analyst has that is not his tenant's: rows of another tenant's, or anything unfiltered; and results of
     * queries that somebody else left to a workgroup. Empty in every state, finished or not.
     */
    List<String> breaches(Map<String, Long> resultsOwners) {
        List<String> breaches = new ArrayList<>();
        Map<String, OptionalLong> tenants = new HashMap<>();
        for (Role role : services.iam().listRoles().roles()) {
            tenants.put(role.roleName(), AnalystNames.markedTenant(role.description()));
        }
        access().forEach((role, grants) -> {
            OptionalLong tenant = tenants.get(role);
            if (tenant.isEmpty()) {
                return;
            }
            for (String grant : grants) {
                if (!grant.startsWith("describe ")
                        && !grant.matches(
                                "\\w+\\.\\w+ (tenant_id|id) = " + tenant.getAsLong() + "( without .*| only .*)?")
                        && !grant.startsWith("silver.truncates all rows only ")) {
                    breaches.add(role + ": " + grant);
                }
            }
            boolean isArmed = !services.iam()
                    .listRolePolicies(list -> list.roleName(role))
                    .policyNames()
                    .isEmpty();
            Long owner = resultsOwners.get(role);
            if (isArmed && owner != null && owner != tenant.getAsLong() && hasResults(role)) {
                breaches.add(role + ": results of tenant " + owner);
            }
        });
        return breaches;
    }

    boolean hasResults(String role) {
        String workgroup = AnalystNames.WORKGROUP_PREFIX + role.substring(AnalystNames.ROLE_PREFIX.length());
        return !services.s3()
                .listObjectsV2(list -> list.bucket(bucket).prefix(LakeLayout.resultsPrefix(workgroup)))
                .contents()
                .isEmpty();
    }

    List<String> workgroups() {
        return services.athena().listWorkGroups(list -> list.build()).workGroups().stream()
                .map(workgroup -> workgroup.name())
                .sorted()
                .toList();
    }

    List<String> filters() {
        return services.lakeFormation().listDataCellsFilter(list -> list.maxResults(1000)).dataCellsFilters().stream()
                .map(filter -> filter.tableName() + "/" + filter.name())
                .sorted()
                .toList();
    }
}
