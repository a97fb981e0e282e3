package dev.tenantlake.model;

/**
 * How good the rows of a table are: each row of the source's table is either in silver or in quarantine.
 *
 * @param valid how many rows silver has: they break no rule
 * @param quarantined how many rows are in quarantine
 */
public record TableQuality(long valid, long quarantined) {

    /** The share of the rows that break no rule, from 0 to 1; a table without rows has none that does. */
    public double validShare() {
        return quarantined == 0 ? 1 : (double) valid / (valid + quarantined);
    }
}
