package dev.tenantlake.local.state;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;

/** Joins the parts of a name to a key, such that different parts never give the same key. */
public final class Keys {

    private Keys() {}

    /** The key of these parts. */
    public static String of(String... parts) {
        return of(Arrays.asList(parts));
    }

    /** The key of these parts. */
    public static String of(Collection<String> parts) {
        return parts.stream()
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8))
                .collect(Collectors.joining("/"));
    }

    /** What the keys of everything below these parts begin with. */
    public static String under(String... parts) {
        return of(parts) + "/";
    }
}
