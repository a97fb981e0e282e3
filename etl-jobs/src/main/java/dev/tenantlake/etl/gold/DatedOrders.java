package dev.tenantlake.etl.gold;

import static org.apache.spark.sql.functions.expr;

import dev.tenantlake.etl.hudi.HudiFiles.Range;
import dev.tenantlake.model.SourceTable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Orders with their days: {@code tenant_id}, {@code id}, {@code day}, {@code currency}, {@code status}, {@code
 * total_amount}.
 */
final class DatedOrders {

    /** Whether an order counts in gold's figures; a refunded one does. */
    static final String COUNTED = "status not in ('pending', 'cancelled')";

    private static final StructType ZONE = StructType.fromDDL("tenant_id bigint, time_zone string");

    private DatedOrders() {}

    /**
     * The orders of some days.
     *
     * @param zones by tenant, the name of its time zone; an order of a tenant without one has no day
     */
    static Dataset<Row> of(SilverSnapshot silver, TenantDays wanted, Map<Long, String> zones) {
        Dataset<Row> orders = wanted.everything() ? silver.all(SourceTable.ORDERS) : some(silver, wanted, zones);
        List<Row> tenants = new ArrayList<>();
        zones.forEach((tenant, zone) -> tenants.add(RowFactory.create(tenant, zone)));
        Dataset<Row> dated = orders.join(
                        orders.sparkSession().createDataFrame(tenants, ZONE), new String[] {"tenant_id"})
                .select(
                        expr("tenant_id"),
                        expr("id"),
                        expr("to_date(from_utc_timestamp(ordered_at, time_zone)) as day"),
                        expr("currency"),
                        expr("status"),
                        expr("total_amount"));
        return wanted.of(dated);
    }

    /** The day of an instant in a time zone, as {@link #of} has it. */
    static LocalDate day(Instant instant, String zone) {
        return instant.atZone(ZoneId.of(zone)).toLocalDate();
    }

    private static Dataset<Row> some(SilverSnapshot silver, TenantDays wanted, Map<Long, String> zones) {
        Set<String> months = new LinkedHashSet<>();
        NavigableSet<Instant> bounds = new TreeSet<>();
        wanted.days().forEach((tenant, days) -> {
            ZoneId zone = ZoneId.of(zones.get(tenant));
            for (LocalDate day : days) {
                Instant first = day.atStartOfDay(zone).toInstant();
                Instant last = day.plusDays(1).atStartOfDay(zone).toInstant().minusNanos(1);
                months.add(SilverSnapshot.partition(tenant, month(first)));
                months.add(SilverSnapshot.partition(tenant, month(last)));
                bounds.add(first);
                bounds.add(last);
            }
        });
        if (months.isEmpty()) {
            return silver.ofTenants(SourceTable.ORDERS, wanted.whole());
        }
        Dataset<Row> ofDays = silver.read(
                SourceTable.ORDERS, months, new Range("ordered_at", micros(bounds.first()), micros(bounds.last())));
        return wanted.whole().isEmpty()
                ? ofDays
                : ofDays.unionByName(silver.ofTenants(SourceTable.ORDERS, wanted.whole()));
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static YearMonth month(Instant instant) {
        return YearMonth.from(instant.atOffset(ZoneOffset.UTC));
    }
}
