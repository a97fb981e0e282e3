package dev.tenantlake.control.demo;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.AthenaSession.Answer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;

/**
 * The question that all are asked to put: each tenant's orders and revenue of a month, and how many orders there are at
 * all. It names no tenant; who asks makes the difference.
 *
 * @param month the first day of the month
 */
record MonthQuestion(LocalDate month) {

    MonthQuestion {
        requireNonNull(month, "month");
    }

    /** Of the last month that the shop's orders fill. */
    static MonthQuestion ofLastFullMonth(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery("""
                        select (date_trunc('month', max(ordered_at) at time zone 'UTC') - interval '1 month')::date
                          from shop.orders
                        """)) {
            row.next();
            return new MonthQuestion(row.getObject(1, LocalDate.class));
        }
    }

    String sql() {
        return """
               select t.slug as tenant, r.currency, sum(r.orders) as orders, sum(r.revenue) as revenue,
                      (select count(*) from silver.orders) as orders_at_all
                 from gold.revenue_daily r
                 join silver.tenants t on t.id = r.tenant_id
                where r.month = '%s'
                group by t.slug, r.currency
                order by t.slug, r.currency""".formatted(YearMonth.from(month));
    }

    /**
     * Compares the answers with the source: each analyst has the rows of their tenant and no other, the administrator has
     * all.
     *
     * @return one line for each thing that does not hold
     */
    List<String> check(Connection source, DemoTenants tenants, Answer first, Answer second, Answer admin)
            throws SQLException {
        List<List<String>> expected = expected(source);
        List<String> mismatches = new ArrayList<>();
        mismatches.addAll(check(first, ofTenant(expected, tenants.first())));
        mismatches.addAll(check(second, ofTenant(expected, tenants.second())));
        mismatches.addAll(check(admin, expected));
        return mismatches;
    }

    private static List<String> check(Answer answer, List<List<String>> expected) {
        return answer.rows().equals(expected)
                ? List.of()
                : List.of("the answer to " + answer.principal() + " is " + answer.rows() + ", expected " + expected);
    }

    private static List<List<String>> ofTenant(List<List<String>> all, DemoTenants.Tenant tenant) {
        return all.stream()
                .filter(row -> row.get(0).equals(tenant.slug()))
                .map(row -> List.of(row.get(0), row.get(1), row.get(2), row.get(3), Long.toString(tenant.orders())))
                .toList();
    }

    /** What the administrator is to get, by the source. */
    private List<List<String>> expected(Connection source) throws SQLException {
        try (PreparedStatement statement = source.prepareStatement("""
                select t.slug, o.currency, count(*), sum(o.total_amount), (select count(*) from shop.orders)
                  from shop.orders o
                  join shop.tenants t on t.id = o.tenant_id
                 where o.status not in ('pending', 'cancelled')
                   and (o.ordered_at at time zone t.time_zone)::date between ? and ?
                 group by t.slug, o.currency
                 order by t.slug collate "C", o.currency
                """)) {
            statement.setObject(1, month);
            statement.setObject(2, month.plusMonths(1).minusDays(1));
            List<List<String>> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(List.of(
                            row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5)));
                }
            }
            return rows;
        }
    }
}
