package dev.tenantlake.local.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a list that is handed out in parts. The token says after which key the next part begins, so that what is
 * added or removed meanwhile shifts nothing.
 *
 * @param elements the part
 * @param nextToken what asks for the next part; empty after the last
 */
public record Page<T>(List<T> elements, Optional<String> nextToken) {

    public Page {
        elements = List.copyOf(elements);
    }

    /**
     * Cuts a part.
     *
     * @param sorted the whole list, in ascending order of the elements' keys
     * @param token what the part before gave, or empty for the first
     * @param size how many elements at most
     * @param invalidToken makes the service's error for a token that is none
     */
    public static <T> Page<T> of(
            List<T> sorted,
            Function<T, String> key,
            Optional<String> token,
            int size,
            Function<String, AwsFault> invalidToken) {
        int from = 0;
        if (token.isPresent()) {
            String after = decode(token.get()).orElseThrow(() -> invalidToken.apply("the token is not a valid one"));
            while (from < sorted.size() && key.apply(sorted.get(from)).compareTo(after) <= 0) {
                from++;
            }
        }
        int to = Math.min(sorted.size(), from + size);
        Optional<String> next =
                to < sorted.size() ? Optional.of(encode(key.apply(sorted.get(to - 1)))) : Optional.empty();
        return new Page<>(sorted.subList(from, to), next);
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder().encodeToString(key.getBytes(UTF_8));
    }

    private static Optional<String> decode(String token) {
        try {
            return Optional.of(new String(Base64.getUrlDecoder().decode(token), UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
