package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/**
 * Writes rows in the text format of Postgres' {@code COPY}: a line for each row, tabs between its values, {@code \N}
 * for null, and a backslash before what would be taken for one of those. See the Postgres manual, COPY, "Text Format".
 */
final class CopyText {

    private final OutputStream out;
    private final int columns;
    private final StringBuilder line = new StringBuilder(256);
    private int values;

    CopyText(OutputStream out, int columns) {
        this.out = requireNonNull(out, "out");
        this.columns = columns;
    }

    /** Writes a row. */
    void row(Row row) throws IOException {
        line.setLength(0);
        values = 0;
        row.copyTo(this);
        if (values != columns) {
            throw new IllegalStateException(
                    row.table().qualifiedName() + " has " + columns + " columns, the row " + values);
        }
        out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    CopyText number(long value) {
        next().append(value);
        return this;
    }

    CopyText number(OptionalLong value) {
        return value.isPresent() ? number(value.getAsLong()) : nothing();
    }

    CopyText flag(boolean value) {
        next().append(value ? 't' : 'f');
        return this;
    }

    /** An amount in hundredths. */
    CopyText money(long hundredths) {
        next().append(hundredths / 100).append('.');
        long rest = hundredths % 100;
        line.append((char) ('0' + rest / 10)).append((char) ('0' + rest % 10));
        return this;
    }

    /** An instant in microseconds since the Unix epoch. */
    CopyText instant(long micros) {
        next().append(Horizon.instant(micros));
        return this;
    }

    CopyText instant(OptionalLong micros) {
        return micros.isPresent() ? instant(micros.getAsLong()) : nothing();
    }

    /** Text, or null; also of any other type, in the form that Postgres reads it in. */
    CopyText text(String value) {
        if (value == null) {
            return nothing();
        }
        next();
        escaped(value);
        return this;
    }

    /** An array of texts, or null. */
    CopyText texts(List<String> value) {
        if (value == null) {
            return nothing();
        }
        next().append('{');
        for (int i = 0; i < value.size(); i++) {
            String quoted = value.get(i).replace("\\", "\\\\").replace("\"", "\\\"");
            line.append(i == 0 ? "\"" : ",\"");
            escaped(quoted);
            line.append('"');
        }
        line.append('}');
        return this;
    }

    private CopyText nothing() {
        next().append("\\N");
        return this;
    }

    private StringBuilder next() {
        if (values++ > 0) {
            line.append('\t');
        }
        return line;
    }

    private void escaped(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> line.append("\\\\");
                case '\t' -> line.append("\\t");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                default -> line.append(c);
            }
        }
    }
}
