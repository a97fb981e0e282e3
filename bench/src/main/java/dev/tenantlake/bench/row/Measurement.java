package dev.tenantlake.bench.row;

import dev.tenantlake.bench.report.RowResult;
import java.util.List;
import java.util.Set;

/** Measures some rows of the report together, since they come from the same run of the same processes. */
public interface Measurement {

    /** The names of the rows that it can measure. */
    List<String> rows();

    /**
     * Measures.
     *
     * @param wanted those of its rows that are asked for, at least one
     * @return one result for each of them
     * @throws dev.tenantlake.model.LakeException if a part of it fails; no figure is made up then
     */
    List<RowResult> measure(Set<String> wanted, Stage stage);
}
