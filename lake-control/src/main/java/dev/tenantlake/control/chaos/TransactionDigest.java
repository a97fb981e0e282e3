package dev.tenantlake.control.chaos;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;

/**
 * What the changes of a transaction come to, in whatever order they are.
 *
 * @param changes how many
 * @param hash the sum of 60 bits of the MD5 of each: its table, operation and key
 */
record TransactionDigest(long changes, BigDecimal hash) {

    TransactionDigest {
        requireNonNull(hash, "hash");
        // Equal numbers are equal whatever scale they were read with.
        hash = hash.setScale(0);
    }
}
