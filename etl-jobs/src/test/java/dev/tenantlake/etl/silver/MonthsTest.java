package dev.tenantlake.etl.silver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class MonthsTest {

    @Test
    void beginWithTheirFirstMicrosecondAndEndWithTheirLast() {
        for (YearMonth month = YearMonth.of(1900, 1); month.getYear() < 2200; month = month.plusMonths(1)) {
            Instant first = month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
            Instant next = month.plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
            assertThat(Months.of(micros(first))).hasToString(month.toString());
            assertThat(Months.of(micros(next) - 1)).hasToString(month.toString());
        }
    }

    @Test
    void areNoneBeforeAndAfterTheCalendar() {
        assertThat(Months.of(micros(Instant.parse("1900-01-01T00:00:00Z")) - 1)).isNull();
        assertThat(Months.of(micros(Instant.parse("2200-01-01T00:00:00Z")))).isNull();
        assertThat(Months.of(Long.MIN_VALUE)).isNull();
        assertThat(Months.of(Long.MAX_VALUE)).isNull();
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
