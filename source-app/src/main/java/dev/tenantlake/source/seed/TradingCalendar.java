package dev.tenantlake.source.seed;

import dev.tenantlake.source.shop.Dice;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * When a tenant's customers come: how busy each day is, by growth, week, season and luck, and each hour of it by the
 * clock of the tenant's own time zone.
 */
final class TradingCalendar {

    /** From Monday to Sunday. */
    private static final double[] WEEK = {1.04, 0.98, 0.96, 1.0, 1.08, 1.12, 0.82};
    /** From midnight on: little in the night, a peak at noon and a higher one in the evening. */
    private static final double[] HOURS = Dice.cumulative(
            0.5, 0.3, 0.2, 0.15, 0.15, 0.25, 0.6, 1.2, 2.2, 3.2, 3.9, 4.3, 4.6, 4.2, 3.8, 3.7, 3.9, 4.3, 4.9, 5.6, 5.9,
            5.0, 3.2, 1.4);

    private static final double DAYS_OF_A_MONTH = 30.4;
    private static final double LUCK = 0.07;

    private final Horizon horizon;
    private final ZoneId zone;
    private final List<LocalDate> days;
    private final double[] busy;

    /**
     * @param monthlyGrowth by how much a month is busier than the one before, such as 1.05
     */
    TradingCalendar(Horizon horizon, ZoneId zone, double monthlyGrowth, Dice dice) {
        this.horizon = horizon;
        this.zone = zone;
        LocalDate first = LocalDate.ofInstant(Horizon.instant(horizon.start()), zone);
        LocalDate last = LocalDate.ofInstant(Horizon.instant(horizon.until() - 1), zone);
        this.days = first.datesUntil(last.plusDays(1)).toList();
        List<Double> weights = new ArrayList<>();
        for (int i = 0; i < days.size(); i++) {
            weights.add(StrictMath.pow(monthlyGrowth, i / DAYS_OF_A_MONTH)
                    * week(days.get(i))
                    * season(days.get(i))
                    * dice.around(LUCK));
        }
        this.busy = Dice.cumulative(
                weights.stream().mapToDouble(Double::doubleValue).toArray());
    }

    ZoneId zone() {
        return zone;
    }

    /** A time at which somebody comes. */
    long time(Dice dice) {
        while (true) {
            LocalDate day = days.get(dice.index(busy));
            LocalTime second = LocalTime.ofSecondOfDay(dice.index(HOURS) * 3600L + dice.between(0, 3599));
            long micros = day.atTime(second).atZone(zone).toEpochSecond() * Horizon.SECOND + dice.between(0, 999_999);
            // The first and the last day are there in part only, in a zone that is not UTC.
            if (horizon.holds(micros)) {
                return micros;
            }
        }
    }

    /** So many times, in order. */
    long[] times(int count, Dice dice) {
        return LongStream.generate(() -> time(dice)).limit(count).sorted().toArray();
    }

    private static double week(LocalDate day) {
        return WEEK[day.getDayOfWeek().getValue() - DayOfWeek.MONDAY.getValue()];
    }

    /** The year of a shop: a quiet January and August, and two peaks before Christmas. */
    static double season(LocalDate day) {
        int dayOfYear = day.getDayOfYear();
        return 1
                + 0.75 * bump(dayOfYear, 331, 5)
                + 0.55 * bump(dayOfYear, 349, 9)
                + 0.15 * bump(dayOfYear, 130, 12)
                - 0.2 * bump(dayOfYear, 25, 14)
                - 0.12 * bump(dayOfYear, 222, 16);
    }

    private static double bump(int dayOfYear, int peak, double width) {
        double distance = (dayOfYear - peak) / width;
        return StrictMath.exp(-distance * distance / 2);
    }

    @Override
    public String toString() {
        return "TradingCalendar" + Arrays.asList(zone, days.get(0), days.get(days.size() - 1));
    }
}
