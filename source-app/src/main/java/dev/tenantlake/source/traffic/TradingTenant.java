package dev.tenantlake.source.traffic;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.source.shop.Market;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A tenant that trades.
 *
 * @param customers how many it has, and so how often something happens there
 */
record TradingTenant(long id, Market market, String currency, long customers) {

    TradingTenant {
        requireNonNull(market, "market");
        requireNonNull(currency, "currency");
    }

    /** The tenants that have both customers and products. */
    static List<TradingTenant> all(Connection connection) throws SQLException {
        List<TradingTenant> tenants = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                        SELECT t.id, t.country, t.currency, c.customers
                        FROM shop.tenants t
                        JOIN (SELECT tenant_id, count(*) AS customers FROM shop.customers GROUP BY tenant_id) c
                            ON c.tenant_id = t.id
                        WHERE EXISTS (SELECT FROM shop.products p WHERE p.tenant_id = t.id AND p.active)
                        ORDER BY t.id
                        """);
                ResultSet found = statement.executeQuery()) {
            while (found.next()) {
                tenants.add(new TradingTenant(
                        found.getLong("id"),
                        Market.ofCountry(found.getString("country")),
                        found.getString("currency"),
                        found.getLong("customers")));
            }
        }
        return tenants;
    }
}
