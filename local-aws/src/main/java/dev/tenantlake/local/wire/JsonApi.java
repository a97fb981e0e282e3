package dev.tenantlake.local.wire;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.identity.Caller;
import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A service in one of AWS' two JSON protocols: "AWS JSON 1.1", which names the operation in a header, and "REST JSON",
 * of which the services here use but the simplest form, a POST to {@code /<Operation>}.
 */
public final class JsonApi implements AwsApi {

    private static final ObjectMapper JSON = LakeJson.mapper();

    private final String signingName;
    private final Optional<String> targetPrefix;
    private final String invalidCode;
    private final Map<String, JsonOperation> operations;

    private JsonApi(
            String signingName,
            Optional<String> targetPrefix,
            String invalidCode,
            Map<String, JsonOperation> operations) {
        this.signingName = requireNonNull(signingName, "signingName");
        this.targetPrefix = requireNonNull(targetPrefix, "targetPrefix");
        this.invalidCode = requireNonNull(invalidCode, "invalidCode");
        this.operations = Map.copyOf(operations);
    }

    /**
     * A service in AWS JSON 1.1.
     *
     * @param targetPrefix what precedes the operation in the header {@code X-Amz-Target}, such as {@code AWSGlue}
     * @param invalidCode the name of the service's error for a wrong request
     */
    public static JsonApi json11(
            String signingName, String targetPrefix, String invalidCode, Map<String, JsonOperation> operations) {
        return new JsonApi(signingName, Optional.of(targetPrefix + "."), invalidCode, operations);
    }

    /** A service in REST JSON. */
    public static JsonApi rest(String signingName, String invalidCode, Map<String, JsonOperation> operations) {
        return new JsonApi(signingName, Optional.empty(), invalidCode, operations);
    }

    /** A time as these protocols write it: seconds since the Unix epoch. */
    public static double time(Instant instant) {
        return instant.toEpochMilli() / 1000.0;
    }

    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    @Override
    public String signingName() {
        return signingName;
    }

    @Override
    public boolean recognises(AwsRequest request) {
        if (targetPrefix.isPresent()) {
            return request.header("x-amz-target")
                    .filter(target -> target.startsWith(targetPrefix.get()))
                    .isPresent();
        }
        return operations.containsKey(restOperation(request));
    }

    @Override
    public AwsResponse answer(AwsRequest request, Caller caller) {
        String name = targetPrefix.isPresent() ? targetOperation(request) : restOperation(request);
        JsonOperation operation = operations.get(name);
        if (operation == null) {
            throw AwsFault.of(
                    "UnknownOperationException",
                    "local-aws does not know the operation '" + name + "' of the service " + signingName);
        }
        ObjectNode result = operation.apply(new JsonInput(read(request.body()), invalidCode), caller);
        return respond(200, Map.of(), result);
    }

    @Override
    public AwsResponse fault(AwsFault fault, String requestId) {
        ObjectNode body = object();
        body.put("__type", fault.code());
        // Some shapes spell the member with a capital; the SDK takes the one that its shape has.
        body.put("message", fault.getMessage());
        body.put("Message", fault.getMessage());
        fault.details().forEach(body::put);
        return respond(fault.status(), Map.of("x-amzn-ErrorType", fault.code()), body);
    }

    private String targetOperation(AwsRequest request) {
        String target = request.header("x-amz-target").orElse("");
        return target.startsWith(targetPrefix.orElseThrow())
                ? target.substring(targetPrefix.get().length())
                : target;
    }

    private static String restOperation(AwsRequest request) {
        return request.rawPath().substring(1);
    }

    private ObjectNode read(byte[] body) {
        if (body.length == 0) {
            return object();
        }
        try {
            JsonNode node = JSON.readTree(body);
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw AwsFault.of("SerializationException", "the body is not JSON");
        }
        throw AwsFault.of("SerializationException", "the body is not a JSON object");
    }

    private AwsResponse respond(int status, Map<String, String> headers, ObjectNode body) {
        try {
            return new AwsResponse(
                    status,
                    targetPrefix.isPresent() ? "application/x-amz-json-1.1" : "application/json",
                    headers,
                    JSON.writeValueAsBytes(body));
        } catch (IOException e) {
            throw new IllegalStateException("a response cannot be written as JSON", e);
        }
    }
}
