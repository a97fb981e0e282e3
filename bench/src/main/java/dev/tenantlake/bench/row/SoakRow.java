package dev.tenantlake.bench.row;

import dev.tenantlake.bench.process.LogEvent;
import dev.tenantlake.bench.report.Conditions;
import dev.tenantlake.bench.report.Figure;
import dev.tenantlake.bench.report.Percentiles;
import dev.tenantlake.bench.report.RowResult;
import dev.tenantlake.bench.report.Series;
import dev.tenantlake.bench.report.Table;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Makes the row that holds a lake's end under traffic against its beginning. */
final class SoakRow {

    /** In less there may be no commit. */
    private static final Duration SHORTEST = Duration.ofMinutes(2);

    private final LiveRows.Watched watched;
    private final List<Window> windows;

    /** A part of the time that was watched. */
    private record Window(Duration from, Duration to) {}

    private SoakRow(LiveRows.Watched watched) {
        this.watched = watched;
        Duration time = watched.time();
        Duration length = Stream.of(time.dividedBy(5), SHORTEST)
                .max(Duration::compareTo)
                .filter(part -> part.compareTo(time) < 0)
                .orElse(time);
        Duration middle = time.minus(length).dividedBy(2);
        this.windows = List.of(
                new Window(Duration.ZERO, length),
                new Window(middle, middle.plus(length)),
                new Window(time.minus(length), time));
    }

    static RowResult of(String name, LiveRows.Watched watched, Conditions conditions) {
        SoakRow row = new SoakRow(watched);
        List<List<String>> rows = new ArrayList<>();
        for (Layer layer : Layer.values()) {
            rows.add(row.cells(layer.database() + ": commit → Athena's answer, p50 / p95, s", window -> {
                Percentiles seen = Percentiles.of(watched.seen().seen(layer, window.from(), window.to()));
                return FreshnessRow.seconds(seen.p50()) + " / " + FreshnessRow.seconds(seen.p95());
            }));
        }
        for (String layer : List.of("silver", "gold")) {
            rows.add(
                    row.cells(layer + " commit, median, s", window -> FreshnessRow.seconds(row.commit(layer, window))));
        }
        rows.add(row.cells(
                "rows in a silver commit, median", window -> String.format(Locale.ROOT, "%.0f", row.rows(window))));
        rows.addAll(row.moments());
        double growth = row.commit("silver", row.windows.get(2)) / row.commit("silver", row.windows.get(0));
        return new RowResult(
                name,
                "a lake under " + LiveRows.RATE + " transactions/s for "
                        + watched.time().toMinutes() + " minutes",
                "its own beginning",
                List.of(Figure.of("seconds of a silver commit, end to beginning", growth, "", Optional.empty())),
                List.of(),
                List.of(new Table("", List.of("", "beginning", "middle", "end"), rows)),
                List.of(String.format(
                        Locale.ROOT,
                        "Beginning, middle and end are each a fifth of the time, or two minutes if that is more;"
                                + " memory and what lies in S3 are of the moment. %,d transactions were written, %.1f a"
                                + " second.",
                        watched.traffic().transactions(),
                        watched.traffic().rate())),
                List.of(watched.use()),
                conditions);
    }

    private List<List<String>> moments() {
        List<List<String>> rows = new ArrayList<>();
        for (String process : watched.peaks().keySet()) {
            rows.add(ofMoments(
                    "resident memory of " + process + ", MiB",
                    moment -> MemoryRow.mebibytes(moment.resident().get(process))));
        }
        rows.add(ofMoments(
                "commits in a table's active timeline, most of any table",
                moment -> moment.instants().entrySet().stream()
                        .max(java.util.Map.Entry.comparingByValue())
                        .map(most -> most.getValue() + " (" + most.getKey() + ")")
                        .orElseThrow(() -> new LakeException(
                                LakeException.Kind.CORRUPT,
                                "no table of silver and gold has a commit in its timeline"))));
        rows.add(ofMoments("objects in bronze", moment -> Long.toString(moment.bronzeFiles())));
        return rows;
    }

    private List<String> ofMoments(String name, Function<Course.Moment, String> value) {
        return Stream.concat(Stream.of(name), watched.moments().stream().map(value))
                .toList();
    }

    private List<String> cells(String name, Function<Window, String> value) {
        return Stream.concat(Stream.of(name), windows.stream().map(value)).toList();
    }

    private double commit(String layer, Window window) {
        return median(layer, window, "millis") / 1000;
    }

    private double rows(Window window) {
        return median("silver", window, "rows");
    }

    private double median(String layer, Window window, String field) {
        Instant from = watched.started().plus(window.from());
        Instant to = watched.started().plus(window.to());
        List<Double> values = watched.lake().log("etl-jobs").events(layer + "_committed").stream()
                .filter(event -> !event.at().isBefore(from) && event.at().isBefore(to))
                .map((LogEvent event) -> (double) event.number(field))
                .toList();
        if (values.isEmpty()) {
            throw new LakeException(
                    LakeException.Kind.UNFIT, "the jobs logged no commit of " + layer + " from " + from + " to " + to);
        }
        return new Series(field, "", values).median();
    }
}
