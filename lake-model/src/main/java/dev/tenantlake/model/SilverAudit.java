package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * What a look at all rows of silver has found that no row shows by itself: references to rows that are not there, and
 * rows that have in common what no two may.
 *
 * @param epoch the epoch that silver held
 * @param sourceCommittedAt when that epoch's last transaction was committed, by the source's clock
 * @param auditedAt when the look was taken, by the job's clock
 * @param rules how many rules were looked at
 * @param findings the rules that rows break; empty if none does
 */
public record SilverAudit(long epoch, Instant sourceCommittedAt, Instant auditedAt, int rules, List<Finding> findings) {

    public SilverAudit {
        requireNonNull(sourceCommittedAt, "sourceCommittedAt");
        requireNonNull(auditedAt, "auditedAt");
        findings = List.copyOf(findings);
    }

    /**
     * A rule that rows break.
     *
     * @param table the silver table that they are in
     * @param rule its name
     * @param rows how many they are
     */
    public record Finding(String table, String rule, long rows) {
        public Finding {
            requireNonNull(table, "table");
            requireNonNull(rule, "rule");
        }
    }
}
