package dev.tenantlake.local.lakeformation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.state.Keys;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.local.wire.JsonInput;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * Permissions that a principal is granted on a resource.
 *
 * @param principal its ARN
 * @param principalId its unique id: a role that is deleted and created anew under its name is granted nothing
 * @param resource as {@link LakeResource#describe} puts it
 * @param grantable those that the principal may grant on
 */
record Grant(
        String principal,
        String principalId,
        ObjectNode resource,
        Set<String> permissions,
        Set<String> grantable,
        Instant changedAt,
        String changedBy) {

    Grant {
        requireNonNull(principal, "principal");
        requireNonNull(principalId, "principalId");
        requireNonNull(resource, "resource");
        permissions = new TreeSet<>(permissions);
        grantable = new TreeSet<>(grantable);
        requireNonNull(changedAt, "changedAt");
        requireNonNull(changedBy, "changedBy");
    }

    static String key(String principal, LakeResource resource) {
        return Keys.of(principal, resource.describe().toString());
    }

    String key() {
        return Keys.of(principal, resource.toString());
    }

    LakeResource on() {
        return LakeResource.of(new JsonInput(resource, "InvalidInputException"));
    }

    boolean permits(String permission) {
        return permissions.contains(permission) || permissions.contains("ALL");
    }

    ObjectNode describe() {
        ObjectNode node = JsonApi.object();
        node.putObject("Principal").put("DataLakePrincipalIdentifier", principal);
        node.set("Resource", resource);
        ArrayNode list = node.putArray("Permissions");
        permissions.forEach(list::add);
        ArrayNode grantableList = node.putArray("PermissionsWithGrantOption");
        grantable.forEach(grantableList::add);
        node.put("LastUpdated", JsonApi.time(changedAt));
        node.put("LastUpdatedBy", changedBy);
        return node;
    }
}
