package dev.tenantlake.local.wire;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/** A response: its HTTP status, the headers that the protocol sets, and the whole body. */
public record AwsResponse(int status, String contentType, Map<String, String> headers, byte[] body) {

    public AwsResponse {
        requireNonNull(contentType, "contentType");
        headers = Map.copyOf(headers);
        requireNonNull(body, "body");
    }
}
