package dev.tenantlake.query;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Amounts as a person reads them. */
final class Amounts {

    private Amounts() {}

    /** Bytes in the unit that fits, of a thousand each. */
    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        for (String unit : List.of("kB", "MB", "GB")) {
            value /= 1000;
            if (value < 999.5) {
                return String.format(Locale.ROOT, "%.1f %s", value, unit);
            }
        }
        return String.format(Locale.ROOT, "%.1f TB", value / 1000);
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
    }
}
