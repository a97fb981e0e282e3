package dev.tenantlake.control.demo;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The two tenants whose analysts are shown.
 *
 * @param first with the most orders
 * @param second with the fewest
 */
record DemoTenants(Tenant first, Tenant second) {

    /**
     * A tenant.
     *
     * @param id its id
     * @param slug its slug
     * @param orders how many orders it has
     */
    record Tenant(long id, String slug, long orders) {
        Tenant {
            requireNonNull(slug, "slug");
        }
    }

    DemoTenants {
        requireNonNull(first, "first");
        requireNonNull(second, "second");
    }

    static DemoTenants choose(Connection source) throws SQLException {
        List<Tenant> byOrders = new ArrayList<>();
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery("""
                        select t.id, t.slug, count(*)
                          from shop.tenants t join shop.orders o on o.tenant_id = t.id
                         group by 1, 2
                         order by 3 desc, 1
                        """)) {
            while (row.next()) {
                byOrders.add(new Tenant(row.getLong(1), row.getString(2), row.getLong(3)));
            }
        }
        if (byOrders.size() < 2) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "the shop has " + byOrders.size() + " tenants with orders: expected two at least");
        }
        return new DemoTenants(byOrders.get(0), byOrders.get(byOrders.size() - 1));
    }
}
