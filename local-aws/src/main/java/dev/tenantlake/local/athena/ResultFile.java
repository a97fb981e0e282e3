package dev.tenantlake.local.athena;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.engine.QueryEngine;
import dev.tenantlake.local.engine.QueryEngine.Column;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.QuoteMode;

/**
 * Takes a statement's result into a file, in the form in which Athena leaves it in S3: of a query, CSV with a line of
 * names, every value in quotes and nothing for a null; of any other statement, lines with tabs between the values.
 */
final class ResultFile implements QueryEngine.Sink, AutoCloseable {

    static final CSVFormat CSV = CSVFormat.DEFAULT
            .builder()
            .setQuoteMode(QuoteMode.ALL_NON_NULL)
            .setRecordSeparator("\n")
            .setIgnoreEmptyLines(false)
            .get();

    private final Path file;
    private final StatementKind kind;
    private final BufferedWriter writer;
    private final CSVPrinter csv;
    private List<Column> columns = List.of();

    private ResultFile(Path file, StatementKind kind, BufferedWriter writer) throws IOException {
        this.file = requireNonNull(file, "file");
        this.kind = requireNonNull(kind, "kind");
        this.writer = requireNonNull(writer, "writer");
        this.csv = new CSVPrinter(writer, CSV);
    }

    static ResultFile create(Path directory, String id, StatementKind kind) {
        Path file = directory.resolve(id + kind.suffix());
        try {
            Files.createDirectories(directory);
            return new ResultFile(file, kind, Files.newBufferedWriter(file, UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    @Override
    public void columns(List<Column> described) {
        columns = List.copyOf(described);
        if (kind == StatementKind.DML) {
            write(() -> csv.printRecord(columns.stream().map(Column::name).toList()));
        }
    }

    @Override
    public void row(List<String> values) {
        write(() -> {
            if (kind == StatementKind.DML) {
                csv.printRecord(values);
            } else {
                writer.write(values.stream()
                        .map(value -> Objects.requireNonNullElse(value, "").replace('\r', ' '))
                        .collect(Collectors.joining("\t")));
                writer.write('\n');
            }
        });
    }

    ResultColumns columns() {
        return new ResultColumns(columns);
    }

    /** The file, with all that was written. */
    Path finish() {
        write(writer::flush);
        return file;
    }

    private static void write(Writing writing) {
        try {
            writing.write();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a result", e);
        }
    }

    /** Closes the file and removes it. */
    @Override
    public void close() {
        write(() -> {
            writer.close();
            Files.deleteIfExists(file);
        });
    }

    @FunctionalInterface
    private interface Writing {
        void write() throws IOException;
    }
}
