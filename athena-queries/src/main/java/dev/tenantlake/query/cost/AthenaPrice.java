package dev.tenantlake.query.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What Athena charges for a query, by its list price of 5 US dollars for a terabyte scanned in most regions: bytes are
 * rounded up to megabytes, and a query is charged 10 at least (https://aws.amazon.com/athena/pricing/). Mega and tera
 * are taken for powers of ten, which is the dearer way to read them.
 */
final class AthenaPrice {

    private static final long MEGABYTE = 1_000_000;
    private static final long LEAST_MEGABYTES = 10;
    private static final BigDecimal DOLLARS_PER_MEGABYTE = new BigDecimal("0.000005");

    private AthenaPrice() {}

    /** The price in US dollars of a thousand queries that scan so much each. */
    static BigDecimal ofThousand(long scannedBytes) {
        long megabytes = Math.max(LEAST_MEGABYTES, (scannedBytes + MEGABYTE - 1) / MEGABYTE);
        return DOLLARS_PER_MEGABYTE
                .multiply(BigDecimal.valueOf(1000 * megabytes))
                .setScale(2, RoundingMode.HALF_UP);
    }
}
