package dev.tenantlake.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tenantlake.local.engine.QueryEngine.Cancellation;
import dev.tenantlake.local.engine.QueryEngine.Column;
import dev.tenantlake.local.engine.QueryEngine.QueryFailedException;
import dev.tenantlake.local.engine.QueryEngine.Sink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A server that has not heard its own announcement cannot be had on demand from a real Trino; the answers here are
 * those of its client protocol.
 */
class TrinoQueriesTest {

    private static final String COLUMN = """
            "columns": [{"name": "n", "type": "bigint",
                         "typeSignature": {"rawType": "bigint", "arguments": []}}],
            """;

    private final AtomicInteger statements = new AtomicInteger();
    private final Given given = new Given();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aStatementThatFoundNoNodeIsTriedAgainUntilThereIsOne() {
        answer(number -> number <= 2 ? COLUMN + error("NO_NODES_AVAILABLE") : COLUMN + "\"data\": [[7]],");

        TrinoQueries.Outcome outcome = run();

        assertThat(outcome.isQuery()).isTrue();
        assertThat(statements).hasValue(3);
        assertThat(given.headings).as("the columns are told once").isEqualTo(1);
        assertThat(given.rows).containsExactly(List.of("7"));
    }

    @Test
    void anyOtherFailureEndsIt() {
        answer(number -> error("EXCEEDED_TIME_LIMIT"));

        assertThatThrownBy(this::run).isInstanceOf(QueryFailedException.class).hasMessage("EXCEEDED_TIME_LIMIT: no");
        assertThat(statements).hasValue(1);
    }

    @Test
    void nothingIsTriedAgainOnceARowWasGiven() {
        answer(number -> COLUMN + "\"data\": [[7]]," + error("NO_NODES_AVAILABLE"));

        assertThatThrownBy(this::run).isInstanceOf(QueryFailedException.class).hasMessage("NO_NODES_AVAILABLE: no");
        assertThat(statements).hasValue(1);
    }

    private TrinoQueries.Outcome run() {
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try (TrinoQueries queries = new TrinoQueries(address, new TrinoTokens())) {
            return queries.run("somebody", "SELECT n FROM t", Optional.empty(), new Cancellation(), given);
        }
    }

    private interface Answers {
        /** What an answer says beside its statistics, by the number of the statement. */
        String to(int number);
    }

    /** The first answer to each statement holds all of it, the second says that there is no more. */
    private void answer(Answers answers) {
        server.createContext("/v1/statement", exchange -> {
            boolean isNew = exchange.getRequestMethod().equals("POST");
            String base = "http://127.0.0.1:" + server.getAddress().getPort();
            String said = answers.to(isNew ? statements.incrementAndGet() : statements.get());
            boolean failed = said.contains("\"error\"");
            boolean more = isNew && said.contains("\"data\"");
            byte[] body = """
                    {"id": "q", "infoUri": "%s/q", %s %s
                     "stats": {"state": "%s", "queued": false, "scheduled": true, "nodes": 1},
                     "warnings": []}
                    """.formatted(
                            base,
                            more ? "\"nextUri\": \"" + base + "/v1/statement/next\"," : "",
                            !isNew && !failed ? "" : more ? said.replaceAll("\"error\".*", "") : said,
                            failed && !more ? "FAILED" : "FINISHED")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private static String error(String name) {
        return """
                "error": {"message": "no", "errorCode": 1, "errorName": "%s", "errorType": "INSUFFICIENT_RESOURCES"},
                """.formatted(name);
    }

    private static final class Given implements Sink {
        private int headings;
        private final List<List<String>> rows = new ArrayList<>();

        @Override
        public void columns(List<Column> columns) {
            headings++;
        }

        @Override
        public void row(List<String> values) {
            rows.add(List.copyOf(values));
        }
    }
}
