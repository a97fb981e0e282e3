package dev.tenantlake.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A service of AWS as its wire protocol shows it, answering by a script: for what a real one cannot be made to do on demand,
 * such as to keep a query queued, or to fail it for a reason of Athena's own.
 */
public final class ScriptedAws implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, Deque<Answer>> script = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    /** A call that was made. */
    public record Call(String operation, JsonNode input) {}

    private record Answer(int status, String body) {}

    public ScriptedAws() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        answer("StartQueryExecution", "{\"QueryExecutionId\":\"q-1\"}");
        answer("StopQueryExecution", "{}");
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next answer to an operation; the last one is given again and again. */
    public ScriptedAws answer(String operation, String body) {
        script.computeIfAbsent(operation, name -> new ArrayDeque<>()).add(new Answer(200, body));
        return this;
    }

    /** The only answer to an operation from now on. */
    public void replace(String operation, int status, String body) {
        script.put(operation, new ArrayDeque<>(List.of(new Answer(status, body))));
    }

    /** The next state of the query. */
    public ScriptedAws state(String state) {
        return status("{\"State\":\"" + state + "\"}");
    }

    /** The next status of the query. */
    public ScriptedAws status(String status) {
        return answer("GetQueryExecution", """
                {"QueryExecution":{"QueryExecutionId":"q-1","StatementType":"DML","Status":%s,
                "Statistics":{"DataScannedInBytes":1234567,"EngineExecutionTimeInMillis":321}}}
                """.formatted(status));
    }

    public List<Call> calls() {
        return calls;
    }

    public List<String> operations() {
        return calls.stream().map(Call::operation).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        // The protocols differ in where they say which operation it is: in a header, or in the path.
        String operation = target == null
                ? exchange.getRequestURI().getPath().substring(1)
                : target.substring(target.indexOf('.') + 1);
        calls.add(new Call(
                operation, LakeJson.mapper().readTree(exchange.getRequestBody().readAllBytes())));
        Deque<Answer> answers = script.get(operation);
        Answer answer;
        if (answers == null) {
            answer = new Answer(400, "{\"__type\":\"UnknownOperationException\",\"message\":\"" + operation + "\"}");
        } else {
            synchronized (answers) {
                answer = answers.size() > 1 ? answers.poll() : answers.peek();
            }
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
