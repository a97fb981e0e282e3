package dev.tenantlake.query.output;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.query.athena.ResultColumn;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Prints an array of objects, one on each line. Numbers are numbers with every digit that Athena gave, and booleans
 * booleans; all else is the text that Athena gave. A label that several columns have gets a number from its second
 * column on.
 */
final class JsonPrinter implements OutputFormat.ResultPrinter {

    /** NaN and Infinity are values of a double and no numbers in JSON. */
    private static final Pattern JSON_NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

    private final PrintWriter out;
    private List<ResultColumn> columns = List.of();
    private List<String> keys = List.of();
    private boolean isEmpty = true;

    JsonPrinter(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void columns(List<ResultColumn> resultColumns) {
        columns = List.copyOf(resultColumns);
        keys = keys(columns);
    }

    @Override
    public boolean rows(List<List<String>> rows) {
        for (List<String> row : rows) {
            out.print(isEmpty ? "[\n" : ",\n");
            isEmpty = false;
            print(row);
        }
        return !out.checkError();
    }

    @Override
    public void end() {
        out.println(isEmpty ? "[]" : "\n]");
        out.flush();
    }

    private void print(List<String> row) {
        try (JsonGenerator json = LakeJson.mapper().createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
            json.writeStartObject();
            for (int i = 0; i < keys.size(); i++) {
                json.writeFieldName(keys.get(i));
                String value = i < row.size() ? row.get(i) : null;
                if (value == null) {
                    json.writeNull();
                } else if (columns.get(i).isNumber()
                        && JSON_NUMBER.matcher(value).matches()) {
                    json.writeNumber(value);
                } else if (columns.get(i).type().equals("boolean")) {
                    json.writeBoolean(Boolean.parseBoolean(value));
                } else {
                    json.writeString(value);
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> keys(List<ResultColumn> columns) {
        Set<String> taken = new HashSet<>();
        List<String> keys = new ArrayList<>();
        for (ResultColumn column : columns) {
            String key = column.name();
            for (int number = 2; !taken.add(key); number++) {
                key = column.name() + "_" + number;
            }
            keys.add(key);
        }
        return keys;
    }
}
