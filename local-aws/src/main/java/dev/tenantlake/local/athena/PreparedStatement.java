package dev.tenantlake.local.athena;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.wire.JsonApi;
import java.time.Instant;
import java.util.Optional;

/** A statement that is kept in a workgroup under a name, with question marks in the places of its parameters. */
record PreparedStatement(String workgroup, String name, String sql, Optional<String> description, Instant changedAt) {

    PreparedStatement {
        requireNonNull(workgroup, "workgroup");
        requireNonNull(name, "name");
        requireNonNull(sql, "sql");
        requireNonNull(description, "description");
        requireNonNull(changedAt, "changedAt");
    }

    ObjectNode describe() {
        ObjectNode node = JsonApi.object()
                .put("StatementName", name)
                .put("QueryStatement", sql)
                .put("WorkGroupName", workgroup)
                .put("LastModifiedTime", JsonApi.time(changedAt));
        description.ifPresent(text -> node.put("Description", text));
        return node;
    }
}
