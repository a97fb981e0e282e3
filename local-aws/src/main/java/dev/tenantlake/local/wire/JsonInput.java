package dev.tenantlake.local.wire;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The members of a request in JSON. A member that is missing or of another type is refused with the service's error. */
public final class JsonInput {

    private final ObjectNode node;
    private final String invalidCode;

    /**
     * @param node the members
     * @param invalidCode the name of the service's error for a wrong request, such as {@code InvalidInputException}
     */
    public JsonInput(ObjectNode node, String invalidCode) {
        this.node = requireNonNull(node, "node");
        this.invalidCode = requireNonNull(invalidCode, "invalidCode");
    }

    public ObjectNode node() {
        return node;
    }

    /** A text that must be there and not be empty. */
    public String text(String name) {
        return optionalText(name)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> invalid(name + " is required and must not be empty"));
    }

    public Optional<String> optionalText(String name) {
        return member(name).map(value -> {
            if (!value.isTextual()) {
                throw invalid(name + " must be a string");
            }
            return value.asText();
        });
    }

    public OptionalInt optionalInt(String name) {
        OptionalLong value = optionalLong(name);
        if (value.isPresent() && value.getAsLong() != (int) value.getAsLong()) {
            throw invalid(name + " is out of range");
        }
        return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
    }

    public OptionalLong optionalLong(String name) {
        Optional<JsonNode> value = member(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!value.get().canConvertToExactIntegral() || !value.get().canConvertToLong()) {
            throw invalid(name + " must be a whole number");
        }
        return OptionalLong.of(value.get().asLong());
    }

    /** A boolean, false if it is missing. */
    public boolean flag(String name) {
        return member(name)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw invalid(name + " must be true or false");
                    }
                    return value.asBoolean();
                })
                .orElse(false);
    }

    /** A structure that must be there. */
    public JsonInput structure(String name) {
        return optionalStructure(name).orElseThrow(() -> invalid(name + " is required"));
    }

    public Optional<JsonInput> optionalStructure(String name) {
        return member(name).map(value -> new JsonInput(object(name, value), invalidCode));
    }

    /** A list of structures, empty if it is missing. */
    public List<JsonInput> structures(String name) {
        List<JsonInput> structures = new ArrayList<>();
        for (JsonNode element : array(name)) {
            structures.add(new JsonInput(object(name, element), invalidCode));
        }
        return structures;
    }

    /** A list of texts, empty if it is missing. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array(name)) {
            if (!element.isTextual()) {
                throw invalid(name + " must be a list of strings");
            }
            texts.add(element.asText());
        }
        return texts;
    }

    public boolean has(String name) {
        return member(name).isPresent();
    }

    /** The service's error for a wrong request. */
    public AwsFault invalid(String message) {
        return AwsFault.of(invalidCode, message);
    }

    private Iterable<JsonNode> array(String name) {
        JsonNode value = member(name).orElse(null);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw invalid(name + " must be a list");
        }
        return value;
    }

    private ObjectNode object(String name, JsonNode value) {
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw invalid(name + " must be a structure");
    }

    private Optional<JsonNode> member(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }
}
