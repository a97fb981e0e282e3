package dev.tenantlake.etl.silver;

import static dev.tenantlake.model.BronzeColumns.EPOCH;
import static dev.tenantlake.model.BronzeColumns.ORDINAL;
import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.hudi.HudiCommit;
import dev.tenantlake.etl.hudi.HudiLake;
import dev.tenantlake.etl.hudi.RowLookup;
import dev.tenantlake.etl.rules.Transitions;
import dev.tenantlake.model.SourceTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/**
 * Finds the rows whose newest version came about by a transition that is not allowed. Every version is judged by the one
 * before it, and that one, if it is of earlier epochs, is what silver has. A version that is in quarantine is none to
 * judge the next one by: that one is judged by its values alone. However the epochs are taken together, the same rows are
 * found.
 */
final class TransitionCheck {

    private final RowLookup silver;

    TransitionCheck(HudiLake lake) {
        this.silver = new RowLookup(requireNonNull(lake, "lake"));
    }

    /** A change row that is not allowed where it stands. */
    record Misstep(long epoch, long ordinal, String rule) {}

    /**
     * A version of a row.
     *
     * @param valid whether it breaks no rule by itself
     * @param values of the columns of the transitions, in their order
     */
    private record Version(String op, boolean valid, List<String> values) {}

    /** A row whose newest version is an update; its versions oldest first. */
    private record Updated(RowLookup.Key key, long epoch, long ordinal, List<Version> versions) {

        /** Whether the version before the first one is what silver has, and what it is makes a difference. */
        boolean dependsOnSilver(List<Transitions> transitions) {
            return versions.size() < ChangeSet.MOST_VERSIONS
                    && versions.stream().allMatch(version -> version.op().equals("u"))
                    && (versions.size() == 1
                            || !broken(transitions, versions, Optional.empty())
                                    .equals(broken(
                                            transitions, versions.subList(1, versions.size()), Optional.empty())));
        }
    }

    /**
     * The rows of a change set that are not allowed to be what they have become.
     *
     * @param before the commit whose rows are what came before; empty if the table is new, or was emptied
     */
    List<Misstep> of(SourceTable table, List<Transitions> transitions, ChangeSet changes, Optional<HudiCommit> before) {
        List<Updated> updated = changes.updated().collectAsList().stream()
                .map(row -> updated(table, transitions.size(), row))
                .toList();
        Map<String, Set<Long>> ids = new HashMap<>();
        if (before.isPresent()) {
            updated.stream()
                    .filter(row -> row.dependsOnSilver(transitions))
                    .forEach(row -> ids.computeIfAbsent(row.key().partition(), first -> new HashSet<>())
                            .add(row.key().id()));
        }
        Map<RowLookup.Key, List<String>> values = silver.values(
                SilverTables.of(table),
                before,
                ids,
                transitions.stream().map(Transitions::column).toList());
        List<Misstep> missteps = new ArrayList<>();
        for (Updated row : updated) {
            Optional<List<String>> start =
                    row.dependsOnSilver(transitions) ? Optional.ofNullable(values.get(row.key())) : Optional.empty();
            broken(transitions, row.versions(), start)
                    .ifPresent(rule -> missteps.add(new Misstep(row.epoch(), row.ordinal(), rule)));
        }
        return missteps;
    }

    /** The rule that the last one of some versions breaks. */
    private static Optional<String> broken(
            List<Transitions> transitions, List<Version> versions, Optional<List<String>> before) {
        Optional<List<String>> last = before;
        Optional<String> broken = Optional.empty();
        for (Version version : versions) {
            broken = version.op().equals("u") && version.valid()
                    ? last.flatMap(values -> forbidden(transitions, values, version.values()))
                    : Optional.empty();
            boolean stands = version.valid() && !version.op().equals("d") && broken.isEmpty();
            last = stands ? Optional.of(version.values()) : Optional.empty();
        }
        return broken;
    }

    private static Optional<String> forbidden(List<Transitions> transitions, List<String> from, List<String> to) {
        return IntStream.range(0, transitions.size())
                .filter(i -> !transitions.get(i).allow(from.get(i), to.get(i)))
                .mapToObj(i -> transitions.get(i).rule())
                .findFirst();
    }

    private static Updated updated(SourceTable table, int judged, Row row) {
        String partition = table.partitionColumns().stream()
                .map(column -> column + "=" + row.<Object>getAs(column))
                .collect(Collectors.joining("/"));
        List<Version> newestFirst = row.<Row>getList(row.fieldIndex(ChangeSet.VERSIONS)).stream()
                .map(version -> version(version, judged))
                .toList();
        List<Version> versions = IntStream.range(0, newestFirst.size())
                .mapToObj(i -> newestFirst.get(newestFirst.size() - 1 - i))
                .toList();
        return new Updated(
                new RowLookup.Key(partition, row.<Long>getAs("id")),
                row.<Long>getAs(EPOCH),
                row.<Long>getAs(ORDINAL),
                versions);
    }

    private static Version version(Row version, int judged) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < judged; i++) {
            values.add(version.getString(i + 2));
        }
        return new Version(version.getString(0), version.getBoolean(1), values);
    }
}
