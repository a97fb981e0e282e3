package dev.tenantlake.local.wire;

import dev.tenantlake.local.identity.Caller;

/** The API of one AWS service in the protocol that its SDK clients speak. */
public interface AwsApi {

    /** The service's name in a signature's scope, such as {@code glue}. */
    String signingName();

    /** Whether a request that carries no signature is meant for it, so that its error takes the right shape. */
    boolean recognises(AwsRequest request);

    /**
     * Does what is asked.
     *
     * @throws AwsFault if it cannot be done
     */
    AwsResponse answer(AwsRequest request, Caller caller);

    /** The error in the service's own protocol. */
    AwsResponse fault(AwsFault fault, String requestId);
}
