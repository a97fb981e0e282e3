package dev.tenantlake.query.output;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.query.athena.ResultColumn;
import java.io.PrintWriter;
import java.util.List;

/**
 * Prints aligned columns, numbers to the right. Widths are those of the first page of rows, and grow with later pages, so
 * that a result of any length is printed as it comes.
 */
final class TablePrinter implements OutputFormat.ResultPrinter {

    private static final String GAP = "  ";
    private static final String NULL = "NULL";

    private final PrintWriter out;
    private List<ResultColumn> columns = List.of();
    private int[] widths = new int[0];
    private boolean hasHeader;

    TablePrinter(PrintWriter out) {
        this.out = requireNonNull(out, "out");
    }

    @Override
    public void columns(List<ResultColumn> resultColumns) {
        columns = List.copyOf(resultColumns);
        widths = columns.stream().mapToInt(column -> width(column.name())).toArray();
    }

    @Override
    public boolean rows(List<List<String>> rows) {
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(shown(row, i)));
            }
        }
        header();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                cell(line, i, shown(row, i));
            }
            out.println(line.toString().stripTrailing());
        }
        return !out.checkError();
    }

    @Override
    public void end() {
        out.flush();
    }

    private void header() {
        if (hasHeader || columns.isEmpty()) {
            return;
        }
        hasHeader = true;
        StringBuilder names = new StringBuilder();
        StringBuilder rule = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            cell(names, i, columns.get(i).name());
            rule.append(i == 0 ? "" : GAP).append("-".repeat(widths[i]));
        }
        out.println(names.toString().stripTrailing());
        out.println(rule);
    }

    private void cell(StringBuilder line, int column, String value) {
        String padding = " ".repeat(Math.max(0, widths[column] - width(value)));
        line.append(column == 0 ? "" : GAP);
        if (columns.get(column).isNumber()) {
            line.append(padding).append(value);
        } else {
            line.append(value).append(padding);
        }
    }

    /** One row stays one line, whatever its text holds. */
    private static String shown(List<String> row, int column) {
        String value = column < row.size() ? row.get(column) : null;
        return value == null
                ? NULL
                : value.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
