package dev.tenantlake.bench.report;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * What a figure is to be.
 *
 * @param side which values meet it
 * @param bound the farthest of them
 * @param unit of the bound, empty for a ratio
 */
public record Aim(Side side, double bound, String unit) {

    /** Which values meet an aim. */
    public enum Side {
        AT_LEAST,
        AT_MOST
    }

    public Aim {
        requireNonNull(side, "side");
        requireNonNull(unit, "unit");
    }

    public static Aim atLeast(double bound) {
        return new Aim(Side.AT_LEAST, bound, "");
    }

    public static Aim atMost(double bound, String unit) {
        return new Aim(Side.AT_MOST, bound, unit);
    }

    public boolean isMetBy(double value) {
        return side == Side.AT_LEAST ? value >= bound : value <= bound;
    }

    /** By how much a value misses it, in percent of the bound; 0 if it does not. */
    public double missedByPercent(double value) {
        return isMetBy(value) ? 0 : Math.abs(value - bound) / bound * 100;
    }

    /** {@code ≥ 0.45}, {@code ≤ 15 s}. */
    public String text() {
        return (side == Side.AT_LEAST ? "≥ " : "≤ ") + Figure.text(bound) + (unit.isEmpty() ? "" : " " + unit);
    }

    /** What to say of a value: {@code met}, or by how much it is missed. */
    public String verdict(double value) {
        return isMetBy(value)
                ? "met"
                : String.format(Locale.ROOT, "**missed** by %.0f%%", Math.ceil(missedByPercent(value) - 1e-9));
    }
}
