package dev.tenantlake.local.wire;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request as it came.
 *
 * @param method in capitals
 * @param rawPath the path, still percent-encoded
 * @param rawQuery the query, still percent-encoded, without its question mark; empty if there is none
 * @param headers by name in small letters, each with its values in the order in which they came
 * @param body all of it
 */
public record AwsRequest(
        String method, String rawPath, String rawQuery, Map<String, List<String>> headers, byte[] body) {

    public AwsRequest {
        requireNonNull(method, "method");
        requireNonNull(rawPath, "rawPath");
        requireNonNull(rawQuery, "rawQuery");
        headers = Map.copyOf(headers);
        requireNonNull(body, "body");
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
        return values == null ? Optional.empty() : Optional.of(values.get(0));
    }
}
