package dev.tenantlake.source.traffic;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.shop.CustomerTraits;
import java.sql.SQLException;
import java.util.Optional;

/** A customer who does something. */
record Buyer(long id, String segment) {

    Buyer {
        requireNonNull(segment, "segment");
    }

    boolean buysOnAccount() {
        return CustomerTraits.buysOnAccount(segment);
    }

    /** Any customer of the tenant. */
    static Optional<Buyer> any(Work work) throws SQLException {
        return work.pick(SourceTable.CUSTOMERS, row -> new Buyer(row.getLong("id"), row.getString("segment")), """
                SELECT id, segment FROM shop.customers WHERE tenant_id = ? AND id >= ? ORDER BY id LIMIT 1
                FOR KEY SHARE
                """);
    }
}
