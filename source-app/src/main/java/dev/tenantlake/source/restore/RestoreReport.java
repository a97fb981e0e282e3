package dev.tenantlake.source.restore;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Prints a restore, for a person or for a machine, row by row: there may be more than can be held. */
final class RestoreReport {

    /** As much of a value as a line shows. */
    private static final int LONGEST = 60;

    private final Restoration restoration;
    private final PrintWriter out;

    RestoreReport(Restoration restoration, PrintWriter out) {
        this.restoration = requireNonNull(restoration, "restoration");
        this.out = requireNonNull(out, "out");
    }

    /** Prints the plan and the first of its rows. */
    void text(RestorePlan plan, long show) {
        out.println("shop." + plan.table() + " of " + plan.tenant() + " as of epoch " + plan.epoch()
                + ", all that was committed until " + plan.committedAt());
        counted(plan.insert(), plan.applied() ? "came back" : "to come back", "there then, gone since");
        counted(
                plan.update(),
                plan.applied() ? "updated" : "to update",
                new TreeMap<>(plan.updatedColumns())
                        .entrySet().stream()
                                .map(column -> column.getKey() + " in " + column.getValue())
                                .collect(Collectors.joining(", ")));
        counted(plan.delete(), plan.applied() ? "deleted" : "to delete", "not there then");
        counted(plan.same(), "the same", "");
        if (plan.newer() > 0) {
            counted(plan.newer(), "kept", "not there then (--keep-new)");
        }
        if (plan.heldBack() > 0) {
            counted(plan.heldBack(), "left alone", "held back in quarantine then, so the lake does not give them");
        }
        plan.alsoChanged().forEach(line -> out.println("  also: " + line));
        new TreeMap<>(plan.notRestored())
                .forEach((column, why) -> out.println("  not restored: " + column + ", since " + why
                        + "; rows keep what they have, and rows that come back get the default"));
        restoration.changes(show, change -> out.println(line(change)));
        if (Math.max(plan.insert(), Math.max(plan.update(), plan.delete())) > show) {
            out.println("  ... at most " + show + " of each are shown: --show N, or --output json for all");
        }
        out.println(ending(plan));
        out.flush();
    }

    /** Prints the plan with its rows. */
    void json(RestorePlan plan, long show) {
        try {
            JsonGenerator json = LakeJson.mapper().getFactory().createGenerator(out);
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            ObjectNode fields = LakeJson.mapper().valueToTree(plan);
            for (Map.Entry<String, JsonNode> field : fields.properties()) {
                json.writePOJOField(field.getKey(), field.getValue());
            }
            json.writeArrayFieldStart("changes");
            restoration.changes(show, change -> write(json, change));
            json.writeEndArray();
            json.writeEndObject();
            json.close();
            out.println();
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(JsonGenerator json, RowChange change) {
        try {
            json.writePOJO(change);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void counted(long rows, String what, String more) {
        String line = String.format(Locale.ROOT, "  %-12s %,12d  %s", what, rows, rows == 0 ? "" : more);
        out.println(line.stripTrailing());
    }

    private static String line(RowChange change) {
        String values = switch (change.kind()) {
            case INSERT -> listed(change.then());
            case DELETE -> listed(change.now());
            case UPDATE ->
                change.then().entrySet().stream()
                        .map(value -> value.getKey() + " " + shown(change.now().get(value.getKey())) + " -> "
                                + shown(value.getValue()))
                        .collect(Collectors.joining(", "));
        };
        String key = change.key().values().stream().map(JsonNode::asText).collect(Collectors.joining("/"));
        return "  " + change.kind().label() + " " + key + ": " + values;
    }

    private static String listed(Map<String, JsonNode> values) {
        return values.entrySet().stream()
                .map(value -> value.getKey() + " " + shown(value.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** A value as JSON has it, so that an empty text and none are told apart, and on one line. */
    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    private static String ending(RestorePlan plan) {
        if (plan.applied()) {
            return plan.isEmpty()
                    ? "Nothing was to be changed."
                    : "Applied in one transaction, and compared again: nothing "
                            + (plan.newer() > 0 ? "but what is kept " : "")
                            + "differs. The lake follows; ./tenantlake wait returns when it has.";
        }
        if (plan.isEmpty()) {
            return "Nothing is to be changed.";
        }
        return plan.obstacle()
                .map(obstacle -> "Nothing was changed, and it cannot be applied yet: " + obstacle)
                .orElse("Nothing was changed. To apply it: ./tenantlake restore --tenant " + plan.tenant() + " --table "
                        + plan.table() + " --as-of " + plan.epoch() + (plan.keepNew() ? " --keep-new" : "")
                        + " --apply");
    }
}
