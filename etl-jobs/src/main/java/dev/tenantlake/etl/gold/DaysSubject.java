package dev.tenantlake.etl.gold;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.hudi.HudiTable;
import dev.tenantlake.model.SourceTable;
import java.util.Map;
import java.util.Set;

/** A table of gold's figures of which some days of some tenants are computed, or all days of a tenant. */
abstract class DaysSubject implements GoldSubject<TenantDays> {

    private final HudiTable table;
    private final Map<SourceTable, Set<String>> columns;

    /**
     * Figures.
     *
     * @param table where they are
     * @param columns what they are made of, as {@link #columns()} has it
     */
    DaysSubject(HudiTable table, Map<SourceTable, Set<String>> columns) {
        this.table = requireNonNull(table, "table");
        this.columns = Map.copyOf(columns);
    }

    @Override
    public final HudiTable table() {
        return table;
    }

    @Override
    public final Map<SourceTable, Set<String>> columns() {
        return columns;
    }

    @Override
    public final TenantDays everything() {
        return TenantDays.EVERYTHING;
    }
}
