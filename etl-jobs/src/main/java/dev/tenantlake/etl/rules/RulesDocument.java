package dev.tenantlake.etl.rules;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A file of rules as it is written. What is not there is null in a rule's own parts, and empty elsewhere.
 *
 * @param minValidShare for the tables that have none of their own; null if the file says nothing of it
 * @param tables by name
 */
record RulesDocument(Double minValidShare, Map<String, Section> tables) {

    private static final ObjectMapper MAPPER = LakeJson.mapper()
            .copy()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            // Rules are asked in the order in which they are written.
            .disable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    RulesDocument {
        tables = requireNonNullElse(tables, Map.of());
    }

    /** What is asked of a table. */
    record Section(
            List<String> required,
            Map<String, Rule> rules,
            Map<String, Map<String, List<String>>> transitions,
            Map<String, String> references,
            List<List<String>> unique,
            Double minValidShare) {

        Section {
            required = requireNonNullElse(required, List.of());
            rules = requireNonNullElse(rules, Map.of());
            transitions = requireNonNullElse(transitions, Map.of());
            references = requireNonNullElse(references, Map.of());
            unique = requireNonNullElse(unique, List.of());
        }
    }

    /** A rule of a row: what is asked of the values of a column, or a condition. */
    record Rule(
            String column,
            String atLeast,
            String moreThan,
            String atMost,
            String lessThan,
            List<String> oneOf,
            String matches,
            Integer longest,
            String is,
            String holds) {}

    /**
     * Reads a file.
     *
     * @param origin what it is called in a message
     * @throws LakeException of kind {@code WRONG_USAGE} if it is not one of rules
     */
    static RulesDocument read(String yaml, String origin) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        DumperOptions unused = new DumperOptions();
        Object read;
        try {
            read = new Yaml(
                            new SafeConstructor(options),
                            new Representer(unused),
                            unused,
                            options,
                            new EverythingIsText())
                    .load(yaml);
        } catch (MarkedYAMLException e) {
            throw unreadable(
                    origin
                            + (e.getProblemMark() == null
                                    ? ""
                                    : ", line " + (e.getProblemMark().getLine() + 1))
                            + ": " + e.getProblem(),
                    e);
        } catch (YAMLException e) {
            throw unreadable(origin + ": " + e.getMessage(), e);
        }
        if (!(read instanceof Map)) {
            throw unreadable(origin + " has no tables", null);
        }
        try {
            return MAPPER.readValue(MAPPER.writeValueAsBytes(read), RulesDocument.class);
        } catch (UnrecognizedPropertyException e) {
            throw unreadable(
                    origin + ": " + path(e.getPath()) + " is not known: expected "
                            + oneOf(e.getKnownPropertyIds().stream()
                                    .map(Object::toString)
                                    .toList()),
                    e);
        } catch (JsonMappingException e) {
            throw unreadable(origin + ": " + path(e.getPath()) + ": " + e.getOriginalMessage(), e);
        } catch (JsonProcessingException e) {
            throw unreadable(origin + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code a, b or c}. */
    static String oneOf(Collection<String> words) {
        List<String> sorted = words.stream().sorted().toList();
        int last = sorted.size() - 1;
        return last < 1
                ? String.join("", sorted)
                : String.join(", ", sorted.subList(0, last)) + " or " + sorted.get(last);
    }

    private static LakeException unreadable(String what, Exception cause) {
        return new LakeException(
                LakeException.Kind.WRONG_USAGE,
                what.lines().findFirst().orElse("") + "; the rules are written as in docs/data-quality.md",
                cause);
    }

    private static String path(List<JsonMappingException.Reference> path) {
        return path.stream()
                .map(part -> part.getFieldName() == null ? String.valueOf(part.getIndex() + 1) : part.getFieldName())
                .collect(Collectors.joining("."));
    }

    /** What a value is, the column says that it is compared with: {@code no} is no truth, and a date no number. */
    private static final class EverythingIsText extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            // None.
        }
    }
}
