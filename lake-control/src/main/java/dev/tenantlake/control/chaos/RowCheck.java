package dev.tenantlake.control.chaos;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.reconciliation.Comparison;
import dev.tenantlake.control.reconciliation.FiguredTable;
import dev.tenantlake.control.reconciliation.Reconciliation;
import dev.tenantlake.control.reconciliation.RowDifference;
import dev.tenantlake.model.AthenaSession;
import dev.tenantlake.model.SourceTable;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compares every row of silver and gold, and of bronze when its changes are replayed, with the source. The digests of all
 * rows are compared first; a table where they do not agree is looked at row by row.
 */
final class RowCheck {

    private final Connection source;
    private final AthenaSession athena;

    RowCheck(Connection source, AthenaSession athena) {
        this.source = requireNonNull(source, "source");
        this.athena = requireNonNull(athena, "athena");
    }

    /** Compares them. Nothing may be written meanwhile, and gold has to hold all that was. */
    Findings compare() {
        List<FiguredTable> tables = Stream.concat(
                        SourceTable.ALL.stream().map(FiguredTable::ofReplayedBronze), FiguredTable.all().stream())
                .toList();
        long rows = 0;
        long wrong = 0;
        List<String> examples = new ArrayList<>();
        List<Comparison> comparisons = new Reconciliation(source, athena).compare(tables);
        for (int i = 0; i < tables.size(); i++) {
            rows += comparisons.get(i).source().rows();
            if (!comparisons.get(i).holds()) {
                RowDifference difference = RowDifference.find(tables.get(i), source, athena);
                wrong += Math.max(1, difference.missing() + difference.extra() + difference.different());
                examples.add(difference.text());
            }
        }
        return new Findings(rows, wrong, examples);
    }

    /**
     * What a comparison found.
     *
     * @param rows how many rows of the source the lake was compared with
     * @param wrong how many were missing, too many or different in the lake
     * @param examples a line on each table that is wrong
     */
    record Findings(long rows, long wrong, List<String> examples) {
        Findings {
            examples = List.copyOf(examples);
        }
    }
}
