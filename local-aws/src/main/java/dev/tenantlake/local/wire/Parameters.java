package dev.tenantlake.local.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parameters of a request in AWS' Query protocol; lists are spelled {@code Name.member.1}, {@code Name.member.2}. */
public final class Parameters {

    private final Map<String, String> values;

    private Parameters(Map<String, String> values) {
        this.values = values;
    }

    /** The parameters of a body of type {@code application/x-www-form-urlencoded}. */
    public static Parameters parse(byte[] form) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : new String(form, StandardCharsets.UTF_8).split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return new Parameters(values);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw AwsFault.of("MalformedQueryString", "the body is not form-encoded");
        }
    }

    /** A parameter that must be there. */
    public String text(String name) {
        return optionalText(name)
                .orElseThrow(() -> AwsFault.of("ValidationError", "the parameter " + name + " is required"));
    }

    public Optional<String> optionalText(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /** A list of texts, empty if it is missing. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (int i = 1; values.containsKey(name + ".member." + i); i++) {
            texts.add(values.get(name + ".member." + i));
        }
        return texts;
    }

    /** What the names of the members of each structure in a list begin with; empty if the list is missing. */
    public List<String> structures(String name) {
        List<String> prefixes = new ArrayList<>();
        for (int i = 1; ; i++) {
            String prefix = name + ".member." + i + ".";
            if (values.keySet().stream().noneMatch(key -> key.startsWith(prefix))) {
                return prefixes;
            }
            prefixes.add(prefix);
        }
    }
}
