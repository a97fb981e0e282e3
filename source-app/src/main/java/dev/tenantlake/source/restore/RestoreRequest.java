package dev.tenantlake.source.restore;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;

/**
 * What is to be restored.
 *
 * @param tenant the slug of the tenant whose rows they are
 * @param table the table
 * @param asOf the state to go back to
 * @param keepNew whether rows stay that were not there then
 */
record RestoreRequest(String tenant, SourceTable table, AsOf asOf, boolean keepNew) {

    RestoreRequest {
        requireNonNull(tenant, "tenant");
        requireNonNull(table, "table");
        requireNonNull(asOf, "asOf");
    }
}
