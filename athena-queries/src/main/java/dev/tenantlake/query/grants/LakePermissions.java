package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.Layer;
import dev.tenantlake.query.command.StopRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.EntityNotFoundException;
import software.amazon.awssdk.services.lakeformation.model.InvalidInputException;
import software.amazon.awssdk.services.lakeformation.model.ListPermissionsRequest;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.PrincipalResourcePermissions;
import software.amazon.awssdk.services.lakeformation.model.Resource;

/** What Lake Formation has granted, and to whom. */
final class LakePermissions {

    /** The group in which Lake Formation has everybody whom IAM lets through. */
    private static final String EVERYBODY = "IAM_ALLOWED_PRINCIPALS";

    private static final Set<String> DATABASES =
            Arrays.stream(Layer.values()).map(Layer::database).collect(Collectors.toUnmodifiableSet());
    /** A role that was just made takes IAM seconds to be known everywhere, and Lake Formation refuses it until then. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final LakeFormationClient lakeFormation;
    private final String catalogId;
    private final StopRequest stop;
    private final ChangeLog changes;

    LakePermissions(LakeFormationClient lakeFormation, String catalogId, StopRequest stop, ChangeLog changes) {
        this.lakeFormation = requireNonNull(lakeFormation, "lakeFormation");
        this.catalogId = requireNonNull(catalogId, "catalogId");
        this.stop = requireNonNull(stop, "stop");
        this.changes = requireNonNull(changes, "changes");
    }

    /** Something that an analyst is to be granted. */
    sealed interface Grant {

        /** To see the rows and columns that a filter lets through. */
        record SelectThrough(CellsFilters.Key filter) implements Grant {
            @Override
            public String toString() {
                return "select on " + filter;
            }
        }

        /** To see that a database is there: what a query's names are looked up in. */
        record Describe(String database) implements Grant {
            @Override
            public String toString() {
                return "describe on " + database;
            }
        }
    }

    /** The tables of the lake that Lake Formation leaves open to everybody whom IAM lets through. */
    Set<String> openTables() {
        Set<String> open = new TreeSet<>();
        for (PrincipalResourcePermissions entry :
                list(request -> request.principal(principal -> principal.dataLakePrincipalIdentifier(EVERYBODY)))) {
            Resource resource = entry.resource();
            if (resource.table() != null && DATABASES.contains(resource.table().databaseName())) {
                open.add(resource.table().databaseName() + "."
                        + (resource.table().name() == null
                                ? "*"
                                : resource.table().name()));
            } else if (resource.tableWithColumns() != null
                    && DATABASES.contains(resource.tableWithColumns().databaseName())) {
                open.add(resource.tableWithColumns().databaseName() + "."
                        + resource.tableWithColumns().name());
            }
        }
        return open;
    }

    /**
     * Brings what a role is granted in step: takes all that it is not to have, and says what it has of the rest.
     *
     * @param roleArn of a role of ours
     */
    Set<Grant> revokeAllBut(String roleArn, Set<Grant> wanted) {
        Set<Grant> present = new HashSet<>();
        List<PrincipalResourcePermissions> unwanted = new ArrayList<>();
        for (PrincipalResourcePermissions entry :
                list(request -> request.principal(principal -> principal.dataLakePrincipalIdentifier(roleArn)))) {
            Optional<Grant> grant = grant(entry);
            if (grant.isPresent() && wanted.contains(grant.get())) {
                present.add(grant.get());
            } else {
                unwanted.add(entry);
            }
        }
        unwanted.forEach(this::revoke);
        return present;
    }

    /** Takes what is granted on a filter from whoever has it. */
    void revokeAllOn(CellsFilters.Key filter) {
        list(request -> request.resource(resource(new Grant.SelectThrough(filter))))
                .forEach(this::revoke);
    }

    /** Grants a role what it has not. */
    void grant(String roleArn, Grant grant) {
        long start = System.nanoTime();
        while (true) {
            try {
                lakeFormation.grantPermissions(request -> request.catalogId(catalogId)
                        .principal(principal -> principal.dataLakePrincipalIdentifier(roleArn))
                        .resource(resource(grant))
                        .permissions(permission(grant)));
                changes.changed(Change.Action.CREATED, Change.Kind.GRANT, grant + " to " + name(roleArn));
                return;
            } catch (InvalidInputException e) {
                boolean mayPass = String.valueOf(e.getMessage()).contains("Invalid principal")
                        && System.nanoTime() - start < PATIENCE.toNanos();
                if (!mayPass || stop.await(PAUSE)) {
                    throw e;
                }
            }
        }
    }

    private void revoke(PrincipalResourcePermissions entry) {
        String roleArn = entry.principal().dataLakePrincipalIdentifier();
        try {
            lakeFormation.revokePermissions(request -> request.catalogId(catalogId)
                    .principal(entry.principal())
                    .resource(entry.resource())
                    .permissions(entry.permissions())
                    .permissionsWithGrantOption(entry.permissionsWithGrantOption()));
        } catch (EntityNotFoundException e) {
            // What it was granted on is gone, and the grant with it.
            return;
        } catch (InvalidInputException e) {
            // One grant on a table is listed as two, with its columns and without; the first revocation takes both.
            if (String.valueOf(e.getMessage()).contains("No permissions revoked")) {
                return;
            }
            throw e;
        }
        changes.changed(Change.Action.REMOVED, Change.Kind.GRANT, described(entry) + " to " + name(roleArn));
    }

    /** The grant of ours that an entry is; empty if it says anything more or anything else. */
    private static Optional<Grant> grant(PrincipalResourcePermissions entry) {
        if (entry.hasPermissionsWithGrantOption()
                && !entry.permissionsWithGrantOption().isEmpty()) {
            return Optional.empty();
        }
        Resource resource = entry.resource();
        if (resource.dataCellsFilter() != null && entry.permissions().equals(List.of(Permission.SELECT))) {
            return Optional.of(new Grant.SelectThrough(new CellsFilters.Key(
                    resource.dataCellsFilter().databaseName(),
                    resource.dataCellsFilter().tableName(),
                    resource.dataCellsFilter().name())));
        }
        if (resource.database() != null && entry.permissions().equals(List.of(Permission.DESCRIBE))) {
            return Optional.of(new Grant.Describe(resource.database().name()));
        }
        return Optional.empty();
    }

    private Resource resource(Grant grant) {
        if (grant instanceof Grant.SelectThrough select) {
            return Resource.builder()
                    .dataCellsFilter(filter -> filter.tableCatalogId(catalogId)
                            .databaseName(select.filter().database())
                            .tableName(select.filter().table())
                            .name(select.filter().name()))
                    .build();
        }
        return Resource.builder()
                .database(database -> database.catalogId(catalogId).name(((Grant.Describe) grant).database()))
                .build();
    }

    private static Permission permission(Grant grant) {
        return grant instanceof Grant.SelectThrough ? Permission.SELECT : Permission.DESCRIBE;
    }

    private List<PrincipalResourcePermissions> list(Consumer<ListPermissionsRequest.Builder> request) {
        return lakeFormation
                .listPermissionsPaginator(ListPermissionsRequest.builder()
                        .catalogId(catalogId)
                        .applyMutation(request)
                        .build())
                .stream()
                .flatMap(page -> page.principalResourcePermissions().stream())
                .toList();
    }

    private static String described(PrincipalResourcePermissions entry) {
        return grant(entry)
                .map(Grant::toString)
                .orElseGet(() -> entry.permissionsAsStrings() + " on " + entry.resource());
    }

    private static String name(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }
}
