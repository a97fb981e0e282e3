package dev.tenantlake.local.engine;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.engine.QueryEngine.Cancellation;
import dev.tenantlake.local.engine.QueryEngine.Column;
import dev.tenantlake.local.engine.QueryEngine.QueryFailedException;
import dev.tenantlake.local.engine.QueryEngine.QueryFailedException.Category;
import dev.tenantlake.local.engine.QueryEngine.Sink;
import io.airlift.units.Duration;
import io.trino.client.ClientSession;
import io.trino.client.ClientTypeSignature;
import io.trino.client.QueryError;
import io.trino.client.QueryStatusInfo;
import io.trino.client.ResultRows;
import io.trino.client.StatementClient;
import io.trino.client.StatementClientFactory;
import io.trino.client.StatementStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs statements in a Trino server through its own protocol, each as a principal. */
final class TrinoQueries implements AutoCloseable {

    /** How long a server that does not answer is asked again. */
    private static final Duration PATIENCE = new Duration(20, TimeUnit.SECONDS);

    /**
     * How long a statement is tried again, that found no node to run on. A server of one node is such while it has not
     * heard its own announcement: for a moment after its start, and on a machine so busy that an announcement is late.
     */
    private static final java.time.Duration NODE_PATIENCE = java.time.Duration.ofSeconds(60);

    private static final java.time.Duration NODE_PAUSE = java.time.Duration.ofMillis(500);
    private static final String NO_NODE = "NO_NODES_AVAILABLE";

    private static final int LONGEST_MESSAGE = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(TrinoQueries.class);

    private final URI address;
    private final TrinoTokens tokens;
    private final OkHttpClient http;

    TrinoQueries(URI address, TrinoTokens tokens) {
        this.address = requireNonNull(address, "address");
        this.tokens = requireNonNull(tokens, "tokens");
        this.http = new OkHttpClient.Builder()
                .connectTimeout(5, TimeUnit.SECONDS)
                .readTimeout(60, TimeUnit.SECONDS)
                .build();
    }

    /**
     * Runs a statement to its end.
     *
     * @return what Trino counted
     * @throws QueryFailedException if it does not come to its end
     */
    Outcome run(String principal, String sql, Optional<String> database, Cancellation cancellation, Sink sink) {
        OkHttpClient asPrincipal = http.newBuilder()
                .addInterceptor(chain -> authenticated(chain, principal))
                .build();
        ClientSession.Builder session = ClientSession.builder()
                .server(address)
                .user(Optional.of(principal))
                .source("athena")
                .catalog(TrinoSettings.CATALOG)
                .timeZone(ZoneOffset.UTC)
                .locale(Locale.ROOT)
                .clientRequestTimeout(PATIENCE);
        database.ifPresent(name -> session.schema(name.toLowerCase(Locale.ROOT)));
        Delivery delivery = new Delivery(sink);
        Instant deadline = Instant.now().plus(NODE_PATIENCE);
        while (true) {
            try (StatementClient client =
                    answered(() -> StatementClientFactory.newStatementClient(asPrincipal, session.build(), sql))) {
                Optional<Outcome> outcome =
                        follow(client, cancellation, delivery, Instant.now().isBefore(deadline));
                if (outcome.isPresent()) {
                    return outcome.get();
                }
            }
            LOG.debug("event=trino_without_node");
            LockSupport.parkNanos(NODE_PAUSE.toNanos());
        }
    }

    /** What a call to the server gives; the client's own exceptions are not for the one who asked. */
    private static <T> T answered(Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            LOG.warn("event=trino_call_failed message=\"{}\"", e.getMessage());
            LOG.debug("event=trino_call_failed", e);
            throw new QueryFailedException(
                    Category.SYSTEM, "The query engine did not answer: " + clean(String.valueOf(e.getMessage())));
        }
    }

    /** What a statement came to. */
    record Outcome(StatementStats statistics, boolean isQuery) {}

    /** What a statement came to; empty if it found no node, gave nothing, and may be tried again. */
    private static Optional<Outcome> follow(
            StatementClient client, Cancellation cancellation, Delivery delivery, boolean mayTryAgain) {
        while (client.isRunning()) {
            if (cancellation.isRequested()) {
                throw new QueryFailedException(Category.CANCELLED, "Query cancelled by user");
            }
            QueryStatusInfo state = client.currentStatusInfo();
            delivery.announce(state);
            delivery.deliver(client.currentRows());
            answered(client::advance);
        }
        if (client.isClientAborted() || client.isClientError()) {
            throw new QueryFailedException(Category.SYSTEM, "The query engine did not finish the query.");
        }
        QueryStatusInfo state = client.finalStatusInfo();
        if (state.getError() != null) {
            if (mayTryAgain
                    && !delivery.begun
                    && state.getError().getErrorName().equals(NO_NODE)) {
                return Optional.empty();
            }
            throw failure(state.getError());
        }
        delivery.announce(state);
        return Optional.of(new Outcome(state.getStats(), state.getUpdateType() == null));
    }

    /** What of a statement's answer the sink has been given, over all tries. */
    private static final class Delivery {

        private final Sink sink;
        private final List<ClientTypeSignature> types = new ArrayList<>();
        /** Whether a row was delivered. */
        private boolean begun;

        private Delivery(Sink sink) {
            this.sink = requireNonNull(sink, "sink");
        }

        private void announce(QueryStatusInfo state) {
            if (types.isEmpty() && state.getColumns() != null) {
                List<Column> columns = new ArrayList<>();
                for (io.trino.client.Column column : state.getColumns()) {
                    types.add(column.getTypeSignature());
                    columns.add(new Column(column.getName(), AthenaValues.type(column.getTypeSignature())));
                }
                sink.columns(columns);
            }
        }

        private void deliver(ResultRows rows) {
            try (rows) {
                if (rows.isNull()) {
                    return;
                }
                for (List<Object> row : rows) {
                    begun = true;
                    List<String> values = new ArrayList<>(row.size());
                    for (int i = 0; i < row.size(); i++) {
                        values.add(AthenaValues.text(types.get(i), row.get(i)));
                    }
                    sink.row(values);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static QueryFailedException failure(QueryError error) {
        Category category = switch (error.getErrorName()) {
            case "USER_CANCELED" -> Category.CANCELLED;
            default -> error.getErrorType().equals("USER_ERROR") ? Category.USER : Category.SYSTEM;
        };
        return new QueryFailedException(category, error.getErrorName() + ": " + clean(error.getMessage()));
    }

    /** A message in one line, without what is not for the one who asked. */
    private static String clean(String message) {
        String line = message.replaceAll("\\s+", " ")
                .replace(TrinoSettings.HUDI_CATALOG, TrinoSettings.CATALOG)
                .strip();
        return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "…" : line;
    }

    /**
     * The request as the principal. Trino takes it for one that was forwarded from HTTPS, and so it names itself by an
     * HTTPS address in its answers, which is not where it listens.
     */
    private Response authenticated(Interceptor.Chain chain, String principal) throws IOException {
        HttpUrl url = chain.request()
                .url()
                .newBuilder()
                .scheme(address.getScheme())
                .host(address.getHost())
                .port(address.getPort())
                .build();
        return chain.proceed(chain.request()
                .newBuilder()
                .url(url)
                .header("Authorization", "Bearer " + tokens.token(principal))
                .header("X-Forwarded-Proto", "https")
                .build());
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
