package dev.tenantlake.source.traffic;

import static dev.tenantlake.model.SourceTable.CUSTOMERS;
import static dev.tenantlake.model.SourceTable.EVENTS;
import static dev.tenantlake.source.traffic.RowCounts.Change.DELETE;
import static dev.tenantlake.source.traffic.RowCounts.Change.INSERT;
import static dev.tenantlake.source.traffic.RowCounts.Change.UPDATE;

import dev.tenantlake.source.shop.CustomerTraits;
import dev.tenantlake.source.shop.PeopleNames;
import dev.tenantlake.source.shop.PeopleNames.Person;
import dev.tenantlake.source.shop.Visit;
import dev.tenantlake.source.shop.Visit.Shape;
import dev.tenantlake.source.shop.Visit.Step;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Visitors and customers. Each returns whether there was somebody whom it could happen to. */
final class Storefront {

    private static final double LOGGED_IN = 0.4;

    private Storefront() {}

    /** Somebody looks around, and buys nothing. */
    static boolean visit(Work work) throws SQLException {
        Shape shape = Visit.unfinished(work.dice());
        List<Long> products = new ArrayList<>();
        for (int i = 0; i < shape.views(); i++) {
            Optional<Long> product = Warehouse.anyOnSale(work);
            if (product.isEmpty()) {
                return false;
            }
            products.add(product.get());
        }
        OptionalLong customer = OptionalLong.empty();
        if (work.dice().chance(LOGGED_IN)) {
            customer = Buyer.any(work).map(Buyer::id).map(OptionalLong::of).orElse(customer);
        }
        record(work, Visit.unfinished(shape, products.iterator()::next, work.dice()), customer);
        return true;
    }

    static boolean join(Work work, PeopleNames names) throws SQLException {
        long id = work.one(row -> row.getLong(1), "SELECT nextval(pg_get_serial_sequence('shop.customers', 'id'))")
                .orElseThrow();
        Person person = names.person(work.tenant().market().locale(), id, work.dice());
        work.write(
                CUSTOMERS,
                INSERT,
                """
                INSERT INTO shop.customers (tenant_id, id, email, name, phone, country, segment, acquired_via)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                work.tenant().id(),
                id,
                person.email(),
                person.name(),
                person.phone().orElse(null),
                CustomerTraits.country(work.tenant().market().country(), work.dice()),
                CustomerTraits.segment(work.dice()),
                CustomerTraits.acquiredVia(work.dice()));
        return true;
    }

    /** Mostly something about the customer changes; some ask to be forgotten, and some never bought and are deleted. */
    static boolean change(Work work) throws SQLException {
        double which = work.dice().fraction();
        if (which < 0.25) {
            return deleteIdle(work);
        }
        Optional<Buyer> buyer = Buyer.any(work);
        if (buyer.isEmpty()) {
            return false;
        }
        if (which < 0.4) {
            work.write(CUSTOMERS, UPDATE, """
                    UPDATE shop.customers
                    SET email = NULL, name = NULL, phone = NULL, birth_date = NULL, updated_at = now()
                    WHERE tenant_id = ? AND id = ?
                    """, work.tenant().id(), buyer.get().id());
        } else {
            work.write(
                    CUSTOMERS,
                    UPDATE,
                    "UPDATE shop.customers SET country = ?, updated_at = now() WHERE tenant_id = ? AND id = ?",
                    CustomerTraits.country(work.tenant().market().country(), work.dice()),
                    work.tenant().id(),
                    buyer.get().id());
        }
        return true;
    }

    /** Writes the events of a visit whose last step is now. */
    static void record(Work work, Visit visit, OptionalLong customer) throws SQLException {
        UUID session = work.dice().uuid();
        List<Object[]> events = new ArrayList<>();
        for (Step step : visit.steps()) {
            events.add(new Object[] {
                work.tenant().id(),
                boxed(customer),
                session,
                step.type().label(),
                boxed(step.productId()),
                step.properties(),
                visit.micros() - step.micros()
            });
        }
        work.insertAll(EVENTS, """
                INSERT INTO shop.events
                    (tenant_id, customer_id, session_id, event_type, product_id, properties, occurred_at)
                VALUES (?, ?::bigint, ?, ?, ?::bigint, ?::jsonb, now() - ? * interval '1 microsecond')\
                """, events);
    }

    private static boolean deleteIdle(Work work) throws SQLException {
        Optional<Long> idle = work.pick(CUSTOMERS, row -> row.getLong("id"), """
                SELECT id FROM shop.customers c
                WHERE tenant_id = ? AND id >= ?
                    AND NOT EXISTS (SELECT FROM shop.orders o WHERE (o.tenant_id, o.customer_id) = (c.tenant_id, c.id))
                    AND NOT EXISTS (
                        SELECT FROM shop.subscriptions s WHERE (s.tenant_id, s.customer_id) = (c.tenant_id, c.id))
                ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
                """);
        if (idle.isEmpty()) {
            return false;
        }
        // The foreign key would do that by itself, but then it would not be counted.
        work.write(EVENTS, UPDATE, """
                UPDATE shop.events SET customer_id = NULL, updated_at = now() WHERE tenant_id = ? AND customer_id = ?
                """, work.tenant().id(), idle.get());
        work.write(
                CUSTOMERS,
                DELETE,
                "DELETE FROM shop.customers WHERE tenant_id = ? AND id = ?",
                work.tenant().id(),
                idle.get());
        return true;
    }

    private static Long boxed(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }
}
