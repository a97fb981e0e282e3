package dev.tenantlake.local.wire;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.identity.Caller;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A service in AWS' Query protocol: a form that names the {@code Action}, answered in XML. */
public final class QueryApi implements AwsApi {

    private final String signingName;
    private final String namespace;
    private final Map<String, QueryOperation> operations;

    /**
     * @param signingName the service's name in a signature's scope
     * @param namespace the XML namespace of its responses, which names the API's version
     */
    public QueryApi(String signingName, String namespace, Map<String, QueryOperation> operations) {
        this.signingName = requireNonNull(signingName, "signingName");
        this.namespace = requireNonNull(namespace, "namespace");
        this.operations = Map.copyOf(operations);
    }

    @Override
    public String signingName() {
        return signingName;
    }

    @Override
    public boolean recognises(AwsRequest request) {
        return isForm(request)
                && Parameters.parse(request.body())
                        .optionalText("Action")
                        .filter(operations::containsKey)
                        .isPresent();
    }

    @Override
    public AwsResponse answer(AwsRequest request, Caller caller) {
        if (!isForm(request)) {
            throw AwsFault.of("MalformedQueryString", "expected a body of type application/x-www-form-urlencoded");
        }
        Parameters parameters = Parameters.parse(request.body());
        Optional<String> action = parameters.optionalText("Action");
        if (action.isEmpty()) {
            throw AwsFault.of("MissingAction", "the parameter Action is required");
        }
        QueryOperation operation = operations.get(action.get());
        if (operation == null) {
            throw AwsFault.of(
                    "InvalidAction",
                    "UnknownOperationException: local-aws does not know the operation '" + action.get()
                            + "' of the service " + signingName);
        }
        XmlElement response = new XmlElement(action.get() + "Response").namespace(namespace);
        operation.apply(parameters, caller, response.add(action.get() + "Result"));
        response.add("ResponseMetadata").with("RequestId", UUID.randomUUID().toString());
        return respond(200, response);
    }

    @Override
    public AwsResponse fault(AwsFault fault, String requestId) {
        if (fault.code().equals("AccessDeniedException")) {
            // The services of this protocol are older, and say it otherwise.
            return fault(new AwsFault(403, "AccessDenied", fault.getMessage(), Map.of()), requestId);
        }
        XmlElement response = new XmlElement("ErrorResponse").namespace(namespace);
        XmlElement error = response.add("Error");
        error.with("Type", fault.status() < 500 ? "Sender" : "Receiver");
        error.with("Code", fault.code());
        error.with("Message", fault.getMessage());
        response.with("RequestId", requestId);
        return respond(fault.status(), response);
    }

    private static boolean isForm(AwsRequest request) {
        return request.header("content-type")
                .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
                .isPresent();
    }

    private static AwsResponse respond(int status, XmlElement body) {
        return new AwsResponse(status, "text/xml", Map.of(), body.toString().getBytes(StandardCharsets.UTF_8));
    }
}
