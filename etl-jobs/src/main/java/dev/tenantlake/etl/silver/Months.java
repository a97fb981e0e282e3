package dev.tenantlake.etl.silver;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.unix_micros;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The months of instants in UTC, as {@code yyyy-MM}. Spark's own functions make several objects of each instant, which was a
 * sixth of all that a table's first load took; here a month is looked up by its day.
 */
final class Months {

    private static final LocalDate FIRST = LocalDate.of(1900, 1, 1);
    private static final LocalDate END = LocalDate.of(2200, 1, 1);
    private static final long MICROS_PER_DAY = TimeUnit.DAYS.toMicros(1);

    /** By the day since the first; those of one month are one object. */
    private static final UTF8String[] BY_DAY = byDay();

    private static final UserDefinedFunction MONTH =
            udf((UDF1<Long, UTF8String>) micros -> micros == null ? null : of(micros), DataTypes.StringType);

    private Months() {}

    /** The month of an instant from 1900 to 2199, and of others null. */
    static Column of(String instant) {
        return MONTH.apply(unix_micros(col(instant)));
    }

    /** The month of an instant in microseconds since 1970. */
    static UTF8String of(long micros) {
        long day = Math.floorDiv(micros, MICROS_PER_DAY) - FIRST.toEpochDay();
        return day < 0 || day >= BY_DAY.length ? null : BY_DAY[(int) day];
    }

    private static UTF8String[] byDay() {
        UTF8String[] months = new UTF8String[(int) (END.toEpochDay() - FIRST.toEpochDay())];
        int day = 0;
        for (YearMonth month = YearMonth.from(FIRST); day < months.length; month = month.plusMonths(1)) {
            UTF8String name = UTF8String.fromString(month.toString());
            for (int i = 0; i < month.lengthOfMonth(); i++) {
                months[day++] = name;
            }
        }
        return months;
    }
}
