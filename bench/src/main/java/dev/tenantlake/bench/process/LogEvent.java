package dev.tenantlake.bench.process;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a module's log that tells of an event.
 *
 * @param at when it was logged, by the module's clock
 * @param name of the event
 * @param fields what else the line says, by name
 */
public record LogEvent(Instant at, String name, Map<String, String> fields) {

    private static final Pattern LINE = Pattern.compile("(\\S+) +[A-Z]+ +\\S+ +(event=.*)");
    private static final Pattern FIELD = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|(\\S+))");

    public LogEvent {
        requireNonNull(at, "at");
        requireNonNull(name, "name");
        fields = Map.copyOf(fields);
    }

    /** What a line tells of, or empty if it is none of an event. */
    static Optional<LogEvent> parse(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            return Optional.empty();
        }
        Map<String, String> fields = new HashMap<>();
        Matcher field = FIELD.matcher(parts.group(2));
        while (field.find()) {
            fields.put(field.group(1), field.group(2) == null ? field.group(3) : field.group(2));
        }
        try {
            return Optional.of(new LogEvent(Instant.parse(parts.group(1)), fields.remove("event"), fields));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /**
     * A number that the line says.
     *
     * @throws LakeException of kind {@code CORRUPT} if it does not
     */
    public long number(String field) {
        try {
            return Long.parseLong(text(field));
        } catch (NumberFormatException e) {
            throw missing(field, "a whole number", e);
        }
    }

    /**
     * What the line says of something.
     *
     * @throws LakeException of kind {@code CORRUPT} if it says nothing of it
     */
    public String text(String field) {
        String value = fields.get(field);
        if (value == null) {
            throw missing(field, "something", null);
        }
        return value;
    }

    private LakeException missing(String field, String expected, Throwable cause) {
        return new LakeException(
                LakeException.Kind.CORRUPT,
                "the log's line of event=" + name + " says " + fields + ": expected " + expected + " as " + field,
                cause);
    }
}
