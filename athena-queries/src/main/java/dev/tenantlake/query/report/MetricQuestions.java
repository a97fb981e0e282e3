package dev.tenantlake.query.report;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.query.athena.AthenaSession;
import dev.tenantlake.query.athena.CollectedResult;
import dev.tenantlake.query.athena.QuerySummary;
import dev.tenantlake.query.command.StopRequest;
import dev.tenantlake.query.command.StoppedException;
import dev.tenantlake.query.metric.Metric;
import dev.tenantlake.query.metric.MetricParameter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** Asks many metrics as one principal, a few at a time. When one fails, the others are stopped. */
public final class MetricQuestions {

    /** Athena runs more than that at once for every account; an engine on a laptop gains nothing from more. */
    private static final int AT_A_TIME = 4;
    /** More than that nobody reads on a page; {@code query} gives them all. */
    static final int MOST_ROWS = 5000;

    private final AthenaSession session;
    private final Duration timeout;
    private final StopRequest stop;

    /**
     * Questions in a session.
     *
     * @param timeout how long each may take
     * @param stop ends them when it is made; it is made when one fails
     */
    public MetricQuestions(AthenaSession session, Duration timeout, StopRequest stop) {
        this.session = requireNonNull(session, "session");
        this.timeout = requireNonNull(timeout, "timeout");
        this.stop = requireNonNull(stop, "stop");
    }

    /**
     * Refuses values that no metric takes. One that only some of them take is given to those.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if no metric has such a parameter, or none takes the value
     */
    public static void requireTaken(List<Metric> metrics, Map<String, String> values) {
        values.forEach((name, value) -> {
            List<MetricParameter> parameters = metrics.stream()
                    .flatMap(metric -> metric.parameter(name).stream())
                    .toList();
            if (parameters.isEmpty()) {
                throw new LakeException(
                        LakeException.Kind.WRONG_USAGE,
                        "no metric has a parameter '" + name + "': expected one of "
                                + metrics.stream()
                                        .flatMap(metric -> metric.parameters().stream())
                                        .map(MetricParameter::name)
                                        .collect(Collectors.toCollection(TreeSet::new))
                                        .stream()
                                        .collect(Collectors.joining(", ")));
            }
            if (parameters.stream().noneMatch(parameter -> parameter.type().takes(value))) {
                throw new LakeException(
                        LakeException.Kind.WRONG_USAGE,
                        "parameter " + name + " is '" + value + "': expected "
                                + parameters.stream()
                                        .map(parameter -> parameter.type().expectation())
                                        .distinct()
                                        .collect(Collectors.joining("; or ")));
            }
        });
    }

    /**
     * Asks them all.
     *
     * @param values for the parameters; a metric that does not take one is asked with its default
     * @return the answers, in the order of the metrics
     * @throws LakeException as {@link AthenaSession#run}
     */
    public List<MetricAnswer> ask(List<Metric> metrics, Map<String, String> values) {
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        try {
            List<Future<MetricAnswer>> answers = metrics.stream()
                    .map(metric -> threads.submit(() -> ask(metric, taken(metric, values), failure)))
                    .toList();
            List<MetricAnswer> all = new ArrayList<>();
            for (Future<MetricAnswer> answer : answers) {
                all.add(answer.get());
            }
            return all;
        } catch (ExecutionException e) {
            // What failed first made the others fail.
            throw Optional.ofNullable(failure.get()).orElseGet(() -> new IllegalStateException(e.getCause()));
        } catch (InterruptedException e) {
            stop.make();
            Thread.currentThread().interrupt();
            throw new StoppedException("the metrics' queries have been stopped");
        } finally {
            threads.shutdown();
        }
    }

    private MetricAnswer ask(Metric metric, Map<String, String> values, AtomicReference<RuntimeException> failure) {
        try {
            if (stop.isMade()) {
                throw new StoppedException("metric " + metric.name() + " has not been asked");
            }
            CollectedResult result = new CollectedResult(MOST_ROWS);
            QuerySummary summary = session.run(metric.statement(values), timeout, stop, result);
            return new MetricAnswer(
                    metric, values, result.columns(), result.rows(), result.isCut(), summary.scannedBytes());
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
            stop.make();
            throw e;
        }
    }

    private static Map<String, String> taken(Metric metric, Map<String, String> values) {
        Map<String, String> taken = new LinkedHashMap<>(values);
        taken.entrySet()
                .removeIf(value -> metric.parameter(value.getKey())
                        .filter(parameter -> parameter.type().takes(value.getValue()))
                        .isEmpty());
        return taken;
    }
}
