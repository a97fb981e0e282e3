package dev.tenantlake.local.athena;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.athena.QueryExecution.Failure;
import dev.tenantlake.local.state.Journal;
import dev.tenantlake.local.state.JournaledMap;
import dev.tenantlake.local.wire.AwsFault;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The queries that were asked for; of those that have ended, the latest. */
public final class QueryHistory {

    /** So many are kept; AWS keeps those of 45 days. */
    private static final int KEPT = 2000;

    private final Journal journal;
    private final JournaledMap<QueryExecution> executions;

    public QueryHistory(Journal journal) {
        this.journal = requireNonNull(journal, "journal");
        this.executions = journal.map("athena.executions", QueryExecution.class);
    }

    /** Ends what a run before left without an end. */
    public void endUnfinished(Instant now) {
        Failure failure = new Failure(Failure.SYSTEM, "local-aws was stopped while the query ran; start it again");
        journal.changeLazily(change -> executions.values().stream()
                .filter(execution -> !execution.state().isFinal())
                .forEach(execution -> change.put(executions, execution.id(), execution.failed(now, failure))));
    }

    /**
     * Adds a query, unless the same token was given for one in the workgroup before.
     *
     * @return the query that was added, or the one of before
     * @throws AwsFault {@code InvalidRequestException} if that one asks for something else
     */
    QueryExecution add(Optional<String> token, String workgroup, Supplier<QueryExecution> made) {
        AtomicReference<QueryExecution> result = new AtomicReference<>();
        journal.changeLazily(change -> {
            QueryExecution fresh = made.get();
            Optional<QueryExecution> before =
                    token.isEmpty() ? Optional.empty() : withToken(token.get(), workgroup, fresh.principal());
            if (before.isPresent()) {
                requireSame(before.get(), fresh);
                result.set(before.get());
                return;
            }
            forgetOldest().ifPresent(oldest -> change.remove(executions, oldest.id()));
            change.put(executions, fresh.id(), fresh);
            result.set(fresh);
        });
        return result.get();
    }

    private Optional<QueryExecution> withToken(String token, String workgroup, String principal) {
        return executions.values().stream()
                .filter(execution -> execution.token().filter(token::equals).isPresent()
                        && execution.workgroup().equals(workgroup)
                        && execution.principal().equals(principal))
                .findFirst();
    }

    private static void requireSame(QueryExecution before, QueryExecution now) {
        boolean same = before.sql().equals(now.sql())
                && before.database().equals(now.database())
                && before.parameters().equals(now.parameters());
        if (!same) {
            throw AwsFault.of("InvalidRequestException", "Idempotent parameters do not match");
        }
    }

    private Optional<QueryExecution> forgetOldest() {
        return executions.size() < KEPT
                ? Optional.empty()
                : executions.values().stream()
                        .filter(execution -> execution.state().isFinal())
                        .min(Comparator.comparing(QueryExecution::submittedAt));
    }

    Optional<QueryExecution> find(String id) {
        return executions.get(id);
    }

    /** Changes a query that has not ended; one that has stays as it is. */
    void update(String id, UnaryOperator<QueryExecution> update) {
        journal.changeLazily(change -> executions
                .get(id)
                .filter(execution -> !execution.state().isFinal())
                .ifPresent(execution -> change.put(executions, id, update.apply(execution))));
    }

    /** The queries of a workgroup, the latest first. */
    List<QueryExecution> of(String workgroup) {
        return executions.values().stream()
                .filter(execution -> execution.workgroup().equals(workgroup))
                .sorted(Comparator.comparing(QueryHistory::listingKey))
                .toList();
    }

    /** Sorts later before earlier. */
    static String listingKey(QueryExecution execution) {
        return String.format(
                "%019d-%s", Long.MAX_VALUE - execution.submittedAt().toEpochMilli(), execution.id());
    }

    /** Forgets the queries of a workgroup. */
    void forget(String workgroup) {
        journal.changeLazily(change -> of(workgroup).forEach(execution -> change.remove(executions, execution.id())));
    }
}
