package dev.tenantlake.local.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.identity.Caller;

/** One operation of a service whose requests and responses are JSON. */
@FunctionalInterface
public interface JsonOperation {

    /**
     * @return the members of the response
     * @throws AwsFault if it cannot be done
     */
    ObjectNode apply(JsonInput input, Caller caller);
}
