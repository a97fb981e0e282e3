package dev.tenantlake.control.demo;

import java.util.ArrayList;
import java.util.List;

/** Rows under their columns' names, for a person. */
final class TextTable {

    private static final String INDENT = "    ";

    private TextTable() {}

    static List<String> lines(List<String> columns, List<List<String>> rows) {
        int[] widths = columns.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], text(row.get(i)).length());
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(columns, widths, false));
        rows.forEach(row -> lines.add(line(row, widths, true)));
        return lines;
    }

    private static String line(List<String> values, int[] widths, boolean numbersToTheRight) {
        StringBuilder line = new StringBuilder(INDENT);
        for (int i = 0; i < widths.length; i++) {
            String value = text(values.get(i));
            String space = " ".repeat(widths[i] - value.length());
            boolean right = numbersToTheRight && value.matches("-?\\d[\\d.]*");
            line.append(right ? space + value : value + space).append("  ");
        }
        return line.toString().stripTrailing();
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
