package dev.tenantlake.local.lakeformation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.glue.GlueCatalog;
import dev.tenantlake.local.glue.GlueCatalog.Table;
import dev.tenantlake.local.identity.Account;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.local.identity.Roles;
import dev.tenantlake.local.state.Change;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.local.wire.JsonInput;
import dev.tenantlake.local.wire.JsonOperation;
import dev.tenantlake.local.wire.Page;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Lake Formation's operations on permissions. */
final class GrantOperations {

    private static final int PAGE = 1000;
    private static final int MOST_IN_BATCH = 20;
    /** The filters that one principal can be granted on one table. */
    private static final int MOST_FILTERS = 100;

    private final LakeFormationState state;
    private final LakeFormationAccess access;
    private final GlueCatalog catalog;
    private final Roles roles;
    private final LakeFormationGuard guard;
    private final Clock clock;

    GrantOperations(
            LakeFormationState state,
            LakeFormationAccess access,
            GlueCatalog catalog,
            Roles roles,
            LakeFormationGuard guard,
            Clock clock) {
        this.state = requireNonNull(state, "state");
        this.access = requireNonNull(access, "access");
        this.catalog = requireNonNull(catalog, "catalog");
        this.roles = requireNonNull(roles, "roles");
        this.guard = requireNonNull(guard, "guard");
        this.clock = requireNonNull(clock, "clock");
    }

    Map<String, JsonOperation> operations() {
        return Map.of(
                "GrantPermissions", this::grant,
                "RevokePermissions", this::revoke,
                "BatchGrantPermissions", this::grantSeveral,
                "BatchRevokePermissions", this::revokeSeveral,
                "ListPermissions", this::list);
    }

    private ObjectNode grant(JsonInput input, Caller caller) {
        guard.require(caller, "GrantPermissions");
        state.change(change -> grant(change, input, caller));
        return JsonApi.object();
    }

    private ObjectNode revoke(JsonInput input, Caller caller) {
        guard.require(caller, "RevokePermissions");
        state.change(change -> revoke(change, input, caller));
        return JsonApi.object();
    }

    private ObjectNode grantSeveral(JsonInput input, Caller caller) {
        guard.require(caller, "BatchGrantPermissions");
        return each(input, (change, entry) -> grant(change, entry, caller));
    }

    private ObjectNode revokeSeveral(JsonInput input, Caller caller) {
        guard.require(caller, "BatchRevokePermissions");
        return each(input, (change, entry) -> revoke(change, entry, caller));
    }

    private ObjectNode each(JsonInput input, BiConsumer<Change, JsonInput> operation) {
        List<JsonInput> entries = input.structures("Entries");
        if (entries.size() > MOST_IN_BATCH) {
            throw input.invalid("Entries has " + entries.size() + " members: it must have at most " + MOST_IN_BATCH);
        }
        ObjectNode result = JsonApi.object();
        ArrayNode failures = result.putArray("Failures");
        for (JsonInput entry : entries) {
            try {
                // One by one: an entry may build upon the one before it.
                state.change(change -> operation.accept(change, entry));
            } catch (AwsFault fault) {
                ObjectNode failure = failures.addObject();
                failure.set("RequestEntry", entry.node());
                failure.putObject("Error").put("ErrorCode", fault.code()).put("ErrorMessage", fault.getMessage());
            }
        }
        return result;
    }

    private void grant(Change change, JsonInput input, Caller caller) {
        LakeResource resource = LakeResource.of(input.structure("Resource"));
        Set<String> permissions = permissions(input, "Permissions", resource);
        Set<String> grantable = permissions(input, "PermissionsWithGrantOption", resource);
        if (permissions.isEmpty() || !permissions.containsAll(grantable)) {
            throw input.invalid("Permissions must be given, and hold all of PermissionsWithGrantOption");
        }
        if (input.has("Condition")) {
            throw input.invalid("local-aws knows no grants with a Condition");
        }
        String principal = principal(input);
        String principalId = roles.principalId(principal)
                .orElseThrow(() -> input.invalid("Invalid principal: there is no user or role " + principal));
        requireThere(input, resource);
        requireNoView(input, resource, principal);
        Optional<Grant> present = state.grant(principal, resource)
                .filter(grant -> grant.principalId().equals(principalId));
        if (present.isEmpty() && resource instanceof LakeResource.Filter filter) {
            requireFewFilters(principal, principalId, filter);
        }
        present.ifPresent(grant -> {
            permissions.addAll(grant.permissions());
            grantable.addAll(grant.grantable());
        });
        state.put(
                change,
                new Grant(
                        principal,
                        principalId,
                        resource.describe(),
                        permissions,
                        grantable,
                        clock.instant(),
                        caller.principalArn()));
    }

    private void revoke(Change change, JsonInput input, Caller caller) {
        LakeResource resource = LakeResource.of(input.structure("Resource"));
        Set<String> permissions = permissions(input, "Permissions", resource);
        Set<String> grantable = permissions(input, "PermissionsWithGrantOption", resource);
        Grant present = state.grant(principal(input), resource)
                .orElseThrow(
                        () -> input.invalid("No permissions revoked. Grantee has no permissions on the resource."));
        Set<String> left = new TreeSet<>(present.permissions());
        if (!left.containsAll(permissions)) {
            permissions.removeAll(left);
            throw input.invalid("No permissions revoked. Grantee does not have: " + permissions);
        }
        left.removeAll(permissions);
        Set<String> grantableLeft = new TreeSet<>(present.grantable());
        grantableLeft.removeAll(permissions);
        grantableLeft.removeAll(grantable);
        state.remove(change, present);
        if (!left.isEmpty()) {
            state.put(
                    change,
                    new Grant(
                            present.principal(),
                            present.principalId(),
                            present.resource(),
                            left,
                            grantableLeft,
                            clock.instant(),
                            caller.principalArn()));
        }
    }

    private ObjectNode list(JsonInput input, Caller caller) {
        guard.require(caller, "ListPermissions");
        Optional<String> principal =
                input.optionalStructure("Principal").map(given -> given.text("DataLakePrincipalIdentifier"));
        Optional<LakeResource> resource = input.optionalStructure("Resource").map(LakeResource::of);
        Optional<String> type = input.optionalText("ResourceType").filter(text -> !text.isEmpty());
        List<Grant> grants = (principal.isPresent() ? state.grantsOf(principal.get()) : state.grants())
                .stream()
                        .filter(grant -> resource.isEmpty() || covers(resource.get(), grant.on()))
                        .filter(grant -> type.isEmpty() || grant.on().type().equals(type.get()))
                        .toList();
        Page<Grant> page = Page.of(
                grants, Grant::key, FilterOperations.token(input), FilterOperations.size(input, PAGE), input::invalid);
        ObjectNode result = JsonApi.object();
        ArrayNode list = result.putArray("PrincipalResourcePermissions");
        page.elements().forEach(grant -> list.add(grant.describe()));
        page.nextToken().ifPresent(token -> result.put("NextToken", token));
        return result;
    }

    /** Asked for a table, Lake Formation lists what is granted on its columns too. */
    private static boolean covers(LakeResource asked, LakeResource granted) {
        return asked.equals(granted)
                || asked instanceof LakeResource.Table table
                        && granted instanceof LakeResource.Columns columns
                        && columns.isOf(table.database(), table.table());
    }

    private static Set<String> permissions(JsonInput input, String member, LakeResource resource) {
        Set<String> permissions = new TreeSet<>(input.texts(member));
        for (String permission : permissions) {
            if (!resource.permissions().contains(permission)) {
                throw input.invalid("Permissions modification is invalid: " + permission + " cannot be granted on "
                        + resource.describe() + ", but " + new TreeSet<>(resource.permissions()));
            }
        }
        return permissions;
    }

    private static String principal(JsonInput input) {
        String principal = input.structure("Principal").text("DataLakePrincipalIdentifier");
        if (principal.equals("IAM_ALLOWED_PRINCIPALS") || principal.equals(Account.ID + ":IAMPrincipals")) {
            throw input.invalid("local-aws grants nothing to everybody: name a user or a role, not " + principal);
        }
        return principal;
    }

    private void requireThere(JsonInput input, LakeResource resource) {
        if (resource instanceof LakeResource.InDatabase it) {
            requireDatabase(it.database());
        }
        if (resource instanceof LakeResource.Table table) {
            table(table.database(), table.table());
        } else if (resource instanceof LakeResource.Columns columns) {
            columns.columns().requireIn(table(columns.database(), columns.table()), input);
        } else if (resource instanceof LakeResource.Filter filter
                && state.filter(filter.database(), filter.table(), filter.name())
                        .isEmpty()) {
            throw AwsFault.of("EntityNotFoundException", "Data cells filter " + filter.name() + " not found.");
        }
    }

    private void requireDatabase(String name) {
        if (catalog.database(name).isEmpty()) {
            throw AwsFault.of("EntityNotFoundException", "Database " + name + " not found.");
        }
    }

    private Table table(String database, String name) {
        return catalog.table(database, name)
                .orElseThrow(
                        () -> AwsFault.of("EntityNotFoundException", "Table " + database + "." + name + " not found."));
    }

    private void requireNoView(JsonInput input, LakeResource resource, String principal) {
        boolean view = resource instanceof LakeResource.OfTable it
                && table(it.database(), it.table()).isView();
        if (view && !access.isAdministrator(principal)) {
            throw input.invalid("local-aws grants views to administrators alone: the filters of the tables under a view"
                    + " do not reach it");
        }
    }

    private void requireFewFilters(String principal, String principalId, LakeResource.Filter filter) {
        long granted = state.grantsOf(principal).stream()
                .filter(grant -> grant.principalId().equals(principalId))
                .filter(grant -> grant.on() instanceof LakeResource.Filter other
                        && other.isOf(filter.database(), filter.table()))
                .count();
        if (granted >= MOST_FILTERS) {
            throw AwsFault.of(
                    "ResourceNumberLimitExceededException",
                    principal + " is granted " + granted + " filters on " + filter.table() + ": that is the most");
        }
    }
}
