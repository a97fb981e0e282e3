package dev.tenantlake.ingest.source;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Postgres' text forms of times, in the style ISO. */
final class TimestampText {

    private static final DateTimeFormatter TIME_WITH_OFFSET = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendOffset("+HH:mm", "")
            .toFormatter();
    private static final long MICROS_PER_SECOND = 1_000_000;

    private TimestampText() {}

    /**
     * A {@code timestamptz}, such as {@code 2026-05-01 12:00:00.5+02}, in UTC: {@code 2026-05-01T10:00:00.500Z}. Infinity
     * stays what it is, and a year before Christ is the astronomical one.
     */
    static String toUtc(String text) {
        if (text.endsWith("infinity")) {
            return text;
        }
        boolean beforeChrist = text.endsWith(" BC");
        String plain = beforeChrist ? text.substring(0, text.length() - " BC".length()) : text;
        int space = plain.indexOf(' ');
        int sign = Math.max(plain.indexOf('+', space), plain.indexOf('-', space));
        String[] date = plain.substring(0, space).split("-");
        int year = Integer.parseInt(date[0]);
        LocalDate day =
                LocalDate.of(beforeChrist ? 1 - year : year, Integer.parseInt(date[1]), Integer.parseInt(date[2]));
        return day.atTime(LocalTime.parse(plain.substring(space + 1, sign)))
                .toInstant(ZoneOffset.of(plain.substring(sign)))
                .toString();
    }

    /** A {@code timetz}, such as {@code 12:00:00.5+02}, in UTC: {@code 10:00:00.500Z}. */
    static String timeToUtc(String text) {
        return timeToUtc(OffsetTime.parse(text, TIME_WITH_OFFSET));
    }

    /** A {@code timetz} in UTC. */
    static String timeToUtc(OffsetTime time) {
        return time.withOffsetSameInstant(ZoneOffset.UTC).toString();
    }

    /** A {@code time}, such as {@code 12:00:00.5} or {@code 24:00:00}, in microseconds since midnight. */
    static long timeMicros(String text) {
        long hours = Integer.parseInt(text.substring(0, 2));
        long minutes = Integer.parseInt(text.substring(3, 5));
        long seconds = Integer.parseInt(text.substring(6, 8));
        long micros = 0;
        for (int i = 9, unit = 100_000; i < text.length(); i++, unit /= 10) {
            micros += (long) (text.charAt(i) - '0') * unit;
        }
        return ((hours * 60 + minutes) * 60 + seconds) * MICROS_PER_SECOND + micros;
    }
}
