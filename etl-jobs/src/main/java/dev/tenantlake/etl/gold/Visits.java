package dev.tenantlake.etl.gold;

import static dev.tenantlake.model.BronzeColumns.OP;
import static dev.tenantlake.model.SourceTable.EVENTS;
import static dev.tenantlake.model.SourceTable.MONTH_PARTITION;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.expr;

import dev.tenantlake.etl.hudi.Spans;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * The visits of a round, and the days on which they lie otherwise than before. A visit begins with an event before which
 * its session had none for {@link #LENGTH}, and has all events of the session from then on for as long; it is of the day
 * on which it began. So what a day's visits are depends on no event that is farther from that day, however the sessions
 * of a shop are.
 */
final class Visits implements AutoCloseable {

    /** After this time from its first event, a visit is over. */
    static final Duration LENGTH = Duration.ofHours(48);

    private static final String HOURS = "interval " + LENGTH.toHours() + " hours";

    private static final WindowSpec OF_SESSION =
            Window.partitionBy("tenant_id", "session_id").orderBy("occurred_at", "id");

    private final GoldRound round;
    /** By the days that were asked for. */
    private final Map<TenantDays, Dataset<Row>> visits = new ConcurrentHashMap<>();
    /** By the days that were asked for. */
    private final Map<TenantDays, Dataset<Row>> days = new ConcurrentHashMap<>();

    private TenantDays touched;

    Visits(GoldRound round) {
        this.round = requireNonNull(round, "round");
    }

    /**
     * The days whose visits lie otherwise after the round's epochs than before: those of the events that changed, and of
     * the events that can be in a visit with them, as they were before and as they are.
     */
    synchronized TenantDays touched() {
        if (touched == null) {
            touched = findTouched();
        }
        return touched;
    }

    private TenantDays findTouched() {
        if (!round.touches(EVENTS, TENANTS)) {
            return TenantDays.NONE;
        }
        if (round.isOverwhelmed(EVENTS, TENANTS)) {
            return TenantDays.EVERYTHING;
        }
        Set<Long> whole = round.movedTenants();
        Map<Long, Set<LocalDate>> days = new HashMap<>();
        EventSpans around = new EventSpans();
        Set<String> sessions = new HashSet<>();
        Set<String> partitions = new HashSet<>();
        Set<Long> updated = new HashSet<>();
        for (Row row : round.changes(EVENTS)) {
            Long tenant = row.getAs("tenant_id");
            Long id = row.getAs("id");
            String session = row.getAs("session_id");
            Instant occurredAt = row.getAs("occurred_at");
            if (tenant == null || id == null || occurredAt == null || !isSingle(tenant, whole)) {
                continue;
            }
            add(days, tenant, occurredAt);
            around.add(tenant, occurredAt.minus(LENGTH), occurredAt.plus(LENGTH));
            if (session != null) {
                sessions.add(session);
            }
            if (row.getAs(OP).equals("u")) {
                updated.add(id);
                partitions.add(SilverSnapshot.partition(tenant, LocalDay.utcMonth(occurredAt), id));
            }
        }
        // An update may have moved an event to another session; bronze has only the one that it is in now.
        if (!updated.isEmpty()) {
            Among.rows(round.before().read(EVENTS, partitions, Spans.of("id", updated)), "id", updated)
                    .select("session_id")
                    .distinct()
                    .collectAsList()
                    .forEach(row -> sessions.add(row.getString(0)));
        }
        if (!sessions.isEmpty()) {
            Among.rows(around.read(round.silver()), "session_id", sessions)
                    .select("tenant_id", "occurred_at")
                    .collectAsList()
                    .forEach(row -> add(days, row.getLong(0), row.getInstant(1)));
        }
        return new TenantDays(false, whole, days);
    }

    /**
     * What was done in the visits that began on some days, with the columns of {@link VisitsDaily} but the epoch; kept in
     * memory for as long as the round lasts.
     */
    Dataset<Row> days(TenantDays wanted) {
        return days.computeIfAbsent(wanted, some -> doneIn(of(some)).persist());
    }

    @Override
    public void close() {
        for (Map<TenantDays, Dataset<Row>> kept : List.of(visits, days)) {
            kept.values().forEach(Dataset::unpersist);
            kept.clear();
        }
    }

    private static Dataset<Row> doneIn(Dataset<Row> visits) {
        return byDay(visits)
                .join(abandoned(visits), new String[] {"tenant_id", "day"}, "left")
                .withColumn("abandoned_products", expr("coalesce(abandoned_products, array())"))
                .withColumn(MONTH_PARTITION, expr("date_format(day, 'yyyy-MM')"));
    }

    /** All but what was left in carts; computed by journey first, which leaves few rows with the sums of each. */
    private static Dataset<Row> byDay(Dataset<Row> visits) {
        return visits.groupBy("tenant_id", "day", "journey")
                .agg(
                        expr("count(*) as visits"),
                        expr("count_if(known) as known_visits"),
                        expr("count_if(events = 1) as bounces"),
                        expr("sum(events) as events"),
                        expr("sum(product_view_events) as product_view_events"),
                        expr("sum(seconds) as seconds"),
                        expr("count_if(furthest_step >= 1) as viewing_visits"),
                        expr("count_if(furthest_step >= 2) as cart_visits"),
                        expr("count_if(furthest_step >= 3) as checkout_visits"),
                        expr("count_if(furthest_step >= 4) as purchase_visits"))
                .groupBy("tenant_id", "day")
                .agg(
                        expr("sum(visits) as visits"),
                        expr("sum(known_visits) as known_visits"),
                        expr("sum(bounces) as bounces"),
                        expr("sum(events) as events"),
                        expr("sum(product_view_events) as product_view_events"),
                        expr("sum(seconds) as seconds"),
                        expr("sum(viewing_visits) as viewing_visits"),
                        expr("sum(cart_visits) as cart_visits"),
                        expr("sum(checkout_visits) as checkout_visits"),
                        expr("sum(purchase_visits) as purchase_visits"),
                        expr("array_sort(collect_list(struct(journey, visits))) as journeys"));
    }

    private static Dataset<Row> abandoned(Dataset<Row> visits) {
        return visits.where("furthest_step < 4")
                .selectExpr("tenant_id", "day", "inline(added)")
                .groupBy("tenant_id", "day", "product_id")
                .agg(expr("sum(units) as units"))
                .groupBy("tenant_id", "day")
                .agg(expr("array_sort(collect_list(struct(product_id, units))) as abandoned_products"));
    }

    /**
     * The visits that began on some days: {@code tenant_id}, {@code day}, {@code events}, {@code product_view_events},
     * {@code seconds} from the first to the last, {@code known} if an event says who the customer is, {@code
     * furthest_step} (1 a product was viewed, 2 put into the cart, 3 checked out, 4 bought), {@code journey}, the kinds of
     * events in their order, one that follows itself once, and {@code added}, what was put into the cart. They are kept in
     * memory for as long as the round lasts.
     */
    private Dataset<Row> of(TenantDays wanted) {
        return visits.computeIfAbsent(wanted, some -> find(some).persist());
    }

    private Dataset<Row> find(TenantDays wanted) {
        Dataset<Row> events = events(wanted)
                .select(
                        expr("tenant_id"),
                        expr("session_id"),
                        expr("occurred_at"),
                        expr("id"),
                        expr("event_type"),
                        expr("customer_id"),
                        expr("if(event_type = 'add_to_cart', product_id, null) as added_id"),
                        expr("get_json_object(properties, '$.quantity') as quantity"));
        Dataset<Row> found = events.withColumn(
                        "previous_at", expr("lag(occurred_at)").over(OF_SESSION))
                .withColumn(
                        "began_at",
                        expr("max(if(previous_at is null or previous_at <= occurred_at - " + HOURS
                                        + ", occurred_at, null))")
                                .over(OF_SESSION))
                .where("occurred_at < began_at + " + HOURS)
                .groupBy("tenant_id", "session_id", "began_at")
                .agg(
                        expr("count(*) as events"),
                        expr("count_if(event_type = 'product_view') as product_view_events"),
                        expr("unix_seconds(max(occurred_at)) - unix_seconds(began_at) as seconds"),
                        expr("max(customer_id) is not null as known"),
                        expr("max(case event_type when 'product_view' then 1 when 'add_to_cart' then 2"
                                + " when 'checkout' then 3 when 'purchase' then 4 else 0 end) as furthest_step"),
                        expr("array_sort(collect_list(struct(occurred_at, id, event_type))).event_type as kinds"),
                        // A quantity that is no whole number counts as one piece.
                        expr("collect_list(if(added_id is null, null, struct(added_id as product_id,"
                                + " coalesce(if(quantity rlike '^[+-]?[0-9]+$', try_cast(quantity as bigint), null), 1)"
                                + " as units))) as added"))
                .withColumn(
                        "journey", expr("array_join(filter(kinds, (kind, i) -> i = 0 or kind <> kinds[i - 1]), ' > ')"))
                .drop("kinds");
        return wanted.of(LocalDay.dated(found, "began_at", round.zones()));
    }

    /** At least the events that say which visits began on some days, and what was done in them. */
    private Dataset<Row> events(TenantDays wanted) {
        if (wanted.everything()) {
            return round.silver().all(EVENTS);
        }
        EventSpans spans = new EventSpans();
        wanted.days().forEach((tenant, days) -> {
            String zone = round.zones().get(tenant);
            days.forEach(day -> spans.add(
                    tenant,
                    LocalDay.start(day, zone).minus(LENGTH),
                    LocalDay.end(day, zone).plus(LENGTH)));
        });
        Dataset<Row> ofDays = spans.read(round.silver());
        return wanted.whole().isEmpty()
                ? ofDays
                : ofDays.unionByName(round.silver().ofTenants(EVENTS, wanted.whole()));
    }

    private boolean isSingle(long tenant, Set<Long> whole) {
        return round.zones().containsKey(tenant) && !whole.contains(tenant);
    }

    private void add(Map<Long, Set<LocalDate>> days, long tenant, Instant instant) {
        String zone = round.zones().get(tenant);
        if (zone != null) {
            days.computeIfAbsent(tenant, first -> new HashSet<>()).add(LocalDay.of(instant, zone));
        }
    }
}
