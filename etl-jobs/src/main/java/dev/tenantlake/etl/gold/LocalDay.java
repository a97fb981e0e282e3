package dev.tenantlake.etl.gold;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_from_unix_date;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.unix_micros;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The days of a tenant's clock. */
final class LocalDay {

    /**
     * Spark's own function, given another zone in each row, works out anew each time which one its name means, by two
     * regular expressions.
     */
    private static final UserDefinedFunction EPOCH_DAY = udf(
            (UDF2<Long, String, Integer>) (micros, zone) ->
                    micros == null ? null : (int) of(instant(micros), zone).toEpochDay(),
            DataTypes.IntegerType);

    private static final StructType ZONE = StructType.fromDDL("tenant_id bigint, time_zone string");

    private LocalDay() {}

    /**
     * Rows with their {@code day}, and without those of tenants that have no clock.
     *
     * @param rows with {@code tenant_id}
     * @param instant the column whose day it is
     * @param zones by tenant, the name of its time zone
     */
    static Dataset<Row> dated(Dataset<Row> rows, String instant, Map<Long, String> zones) {
        List<Row> tenants = new ArrayList<>();
        zones.forEach((tenant, zone) -> tenants.add(RowFactory.create(tenant, zone)));
        return rows.join(rows.sparkSession().createDataFrame(tenants, ZONE), new String[] {"tenant_id"})
                .withColumn("day", date_from_unix_date(EPOCH_DAY.apply(unix_micros(col(instant)), col("time_zone"))))
                .drop("time_zone");
    }

    /** The day of an instant in a time zone, as {@link #dated} has it. */
    static LocalDate of(Instant instant, String zone) {
        return instant.atZone(ZoneId.of(zone)).toLocalDate();
    }

    /** When a day begins in a time zone. */
    static Instant start(LocalDate day, String zone) {
        return day.atStartOfDay(ZoneId.of(zone)).toInstant();
    }

    /** When a day's last microsecond is in a time zone. */
    static Instant end(LocalDate day, String zone) {
        return start(day.plusDays(1), zone).minus(1, ChronoUnit.MICROS);
    }

    /** The month that silver has an instant in. */
    static YearMonth utcMonth(Instant instant) {
        return YearMonth.from(instant.atOffset(ZoneOffset.UTC));
    }

    /** An instant as footers of files have it. */
    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
