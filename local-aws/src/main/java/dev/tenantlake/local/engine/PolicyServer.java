package dev.tenantlake.local.engine;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.engine.AccessPolicy.Resource;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers Trino's questions about access, in the form in which its Open Policy Agent plugin asks them (Trino's
 * documentation, "Open Policy Agent access control"). Only who knows the address is answered: it holds a secret. When
 * it cannot answer, Trino refuses what it asked about.
 */
final class PolicyServer implements AutoCloseable {

    private static final String ALLOW = "allow";
    private static final String BATCH = "batch";
    private static final String ROW_FILTERS = "row-filters";
    private static final String COLUMN_MASKS = "column-masks";
    private static final int THREADS = 16;

    private static final Logger LOG = LoggerFactory.getLogger(PolicyServer.class);

    private final ObjectMapper json = LakeJson.mapper();
    private final AccessPolicy policy;
    private final String secret;
    private final Server server;
    private final int port;

    /**
     * Starts it.
     *
     * @param secret what its address holds, fit for a path
     */
    PolicyServer(AccessPolicy policy, String secret) {
        this.policy = requireNonNull(policy, "policy");
        this.secret = requireNonNull(secret, "secret");
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
        threads.setName("policy");
        threads.setDaemon(true);
        this.server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                return answer(request, response, callback);
            }
        });
        try {
            server.start();
        } catch (Exception e) {
            throw new LakeException(
                    LakeException.Kind.UNFIT, "the policy server cannot listen on 127.0.0.1: " + e.getMessage(), e);
        }
        this.port = connector.getLocalPort();
    }

    /** Whether one thing may be done. */
    URI allowAddress() {
        return address(ALLOW);
    }

    /** Which of several things may be seen. */
    URI batchAddress() {
        return address(BATCH);
    }

    URI rowFiltersAddress() {
        return address(ROW_FILTERS);
    }

    URI columnMasksAddress() {
        return address(COLUMN_MASKS);
    }

    private URI address(String question) {
        return URI.create("http://127.0.0.1:" + port + "/" + secret + "/" + question);
    }

    private boolean answer(Request request, Response response, Callback callback) {
        Optional<String> question = question(request);
        if (question.isEmpty() || !HttpMethod.POST.is(request.getMethod())) {
            Response.writeError(request, response, callback, 404);
            return true;
        }
        byte[] body;
        try (InputStream in = Content.Source.asInputStream(request)) {
            JsonNode input = json.readTree(in).path("input");
            JsonNode result = result(
                    question.get(),
                    input.path("context").path("identity").path("user").asText(),
                    input.path("action"));
            body = LakeJson.bytes(json.createObjectNode().set("result", result));
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "event=policy_question_failed question={} error={}",
                    question.get(),
                    e.getClass().getSimpleName());
            LOG.debug("event=policy_question_failed", e);
            Response.writeError(request, response, callback, 500);
            return true;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    /** What is asked, or empty if the one who asks does not know the secret. */
    private Optional<String> question(Request request) {
        String path = Request.getPathInContext(request);
        int slash = path.indexOf('/', 1);
        if (slash < 0) {
            return Optional.empty();
        }
        byte[] given = path.substring(1, slash).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(given, secret.getBytes(StandardCharsets.UTF_8))
                ? Optional.of(path.substring(slash + 1))
                : Optional.empty();
    }

    private JsonNode result(String question, String principal, JsonNode action) {
        String operation = action.path("operation").asText();
        JsonNode result = switch (question) {
            case ALLOW ->
                json.getNodeFactory()
                        .booleanNode(policy.allows(principal, operation, resource(action.path("resource"))));
            case BATCH -> batch(principal, operation, resources(action));
            case ROW_FILTERS -> rowFilters(principal, resource(action.path("resource")));
            case COLUMN_MASKS -> columnMasks(principal, resources(action));
            default -> throw new IllegalArgumentException("no such question: " + question);
        };
        LOG.debug("event=policy operation={} principal={} action={} result={}", operation, principal, action, result);
        return result;
    }

    private JsonNode batch(String principal, String operation, List<Resource> resources) {
        ArrayNode indexes = json.createArrayNode();
        // Columns come as one table with its columns, and the indexes are theirs.
        List<Integer> visible = operation.equals("FilterColumns")
                ? policy.filterColumns(principal, resources.get(0))
                : policy.filter(principal, operation, resources);
        visible.forEach(indexes::add);
        return indexes;
    }

    private JsonNode rowFilters(String principal, Resource table) {
        ArrayNode filters = json.createArrayNode();
        policy.rowFilter(principal, table).ifPresent(expression -> fill(filters.addObject(), expression));
        return filters;
    }

    private JsonNode columnMasks(String principal, List<Resource> columns) {
        ArrayNode masks = json.createArrayNode();
        for (int i = 0; i < columns.size(); i++) {
            Resource column = columns.get(i);
            Optional<String> expression =
                    policy.mask(principal, column, column.columns().get(0));
            if (expression.isPresent()) {
                ObjectNode mask = masks.addObject().put("index", i);
                fill(mask.putObject("viewExpression"), expression.get());
            }
        }
        return masks;
    }

    private static void fill(ObjectNode viewExpression, String expression) {
        viewExpression.put("expression", expression).put("identity", AccessPolicy.FILTER_OWNER);
    }

    private static List<Resource> resources(JsonNode action) {
        List<Resource> resources = new ArrayList<>();
        action.path("filterResources").forEach(node -> resources.add(resource(node)));
        return resources;
    }

    private static Resource resource(JsonNode node) {
        JsonNode catalog = node.path("catalog");
        if (!catalog.isMissingNode()) {
            return new Resource(catalog.path("name").asText(), "", "", List.of());
        }
        JsonNode column = node.path("column");
        JsonNode table = column.isMissingNode() ? node.path("table") : column;
        JsonNode place = table.isMissingNode() ? node.path("schema") : table;
        List<String> columns = column.isMissingNode()
                ? StreamSupport.stream(table.path("columns").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList()
                : List.of(column.path("columnName").asText());
        return new Resource(
                place.path("catalogName").asText(),
                place.path("schemaName").asText(),
                place.path("tableName").asText(),
                columns);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("event=policy_server_stop_failed", e);
        }
    }
}
