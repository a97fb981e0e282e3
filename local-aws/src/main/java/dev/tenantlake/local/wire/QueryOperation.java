package dev.tenantlake.local.wire;

import dev.tenantlake.local.identity.Caller;

/** One operation of a service in AWS' Query protocol. */
@FunctionalInterface
public interface QueryOperation {

    /**
     * @param result takes the members of the response
     * @throws AwsFault if it cannot be done
     */
    void apply(Parameters parameters, Caller caller, XmlElement result);
}
