package dev.tenantlake.etl.audit;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import dev.tenantlake.etl.hudi.HudiFiles;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.etl.hudi.HudiTimeline;
import dev.tenantlake.etl.rules.Reference;
import dev.tenantlake.etl.rules.RuleBook;
import dev.tenantlake.etl.rules.TableRules;
import dev.tenantlake.etl.rules.Uniqueness;
import dev.tenantlake.etl.silver.SilverTables;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.SilverAudit;
import dev.tenantlake.model.SilverAudit.Finding;
import dev.tenantlake.model.SourceTable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds all rows of silver against the rules on references and uniqueness, at one epoch over all tables. The source's own
 * keys see to both, so that nothing is to be found unless they are not there, or the lake has lost a row. What refers to
 * a row in quarantine refers to one that is there.
 */
public final class SilverAuditor {

    private static final Logger LOG = LoggerFactory.getLogger(SilverAuditor.class);

    private final HudiTimeline timeline;
    private final HudiFiles files;
    private final RuleBook rules;
    private final Clock clock;

    public SilverAuditor(HudiLake lake, RuleBook rules, Clock clock) {
        requireNonNull(lake, "lake");
        this.timeline = new HudiTimeline(lake);
        this.files = new HudiFiles(lake);
        this.rules = requireNonNull(rules, "rules");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Looks at silver as it is at a position. */
    public SilverAudit audit(LayerPosition silver) {
        long started = System.nanoTime();
        List<Finding> findings = new ArrayList<>();
        int looked = 0;
        for (SourceTable table : SourceTable.ALL) {
            TableRules asked = rules.of(table);
            looked += asked.references().size() + asked.unique().size();
            for (Reference reference : asked.references()) {
                add(findings, table, reference.rule(), dangling(table, reference, silver.epoch()));
            }
            for (Uniqueness unique : asked.unique()) {
                add(findings, table, unique.rule(), inCommon(table, unique, silver.epoch()));
            }
        }
        findings.forEach(finding -> LOG.warn(
                "event=audit_finding table={} rule={} rows={}", finding.table(), finding.rule(), finding.rows()));
        LOG.info(
                "event=silver_audited epoch={} rules={} findings={} millis={}",
                silver.epoch(),
                looked,
                findings.size(),
                (System.nanoTime() - started) / 1_000_000);
        return new SilverAudit(silver.epoch(), silver.sourceCommittedAt(), clock.instant(), looked, findings);
    }

    private static void add(List<Finding> findings, SourceTable table, String rule, long rows) {
        if (rows > 0) {
            findings.add(new Finding(table.name(), rule, rows));
        }
    }

    /** How many rows refer to one that is neither in silver nor in quarantine. */
    private long dangling(SourceTable table, Reference reference, long epoch) {
        SourceTable to = reference.to();
        boolean ofTenants = to.equals(SourceTable.TENANTS);
        // As quarantine has it: the values of the key with slashes between them.
        Column key = ofTenants
                ? col(reference.column()).cast("string")
                : concat_ws("/", col(table.tenantColumn()), col(reference.column()));
        Column[] keyOfTo = to.primaryKey().stream().map(name -> col(name)).toArray(Column[]::new);
        Dataset<Row> there = rows(SilverTables.of(to), epoch)
                .select(concat_ws("/", keyOfTo).as("key"))
                .unionByName(rows(SilverTables.QUARANTINE, epoch)
                        .where(col("table_name").equalTo(to.name()))
                        .select(col("record_key").as("key")));
        return rows(SilverTables.of(table), epoch)
                .where(col(reference.column()).isNotNull())
                .select(key.as("key"))
                .join(there, new String[] {"key"}, "left_anti")
                .count();
    }

    /** How many rows have what others have, too. */
    private long inCommon(SourceTable table, Uniqueness unique, long epoch) {
        Column[] columns = unique.columns().stream().map(name -> col(name)).toArray(Column[]::new);
        Column present =
                Stream.of(columns).map(Column::isNotNull).reduce(Column::and).orElseThrow();
        return rows(SilverTables.of(table), epoch)
                .where(present)
                .groupBy(columns)
                .count()
                .where(col("count").gt(1))
                .agg(coalesce(sum("count"), lit(0L)))
                .head()
                .getLong(0);
    }

    private Dataset<Row> rows(HudiTable table, long epoch) {
        return files.read(table, timeline.at(table, epoch), List.of(""));
    }
}
