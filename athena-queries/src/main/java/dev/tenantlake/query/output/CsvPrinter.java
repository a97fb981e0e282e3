package dev.tenantlake.query.output;

import dev.tenantlake.query.athena.ResultColumn;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Prints CSV as RFC 4180 has it, but with the line ends of Unix. */
final class CsvPrinter implements OutputFormat.ResultPrinter {

    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setRecordSeparator('\n')
            .setNullString("")
            .get();

    private final PrintWriter out;
    private final CSVPrinter csv;

    CsvPrinter(PrintWriter out) {
        this.out = out;
        try {
            this.csv = new CSVPrinter(out, FORMAT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void columns(List<ResultColumn> columns) {
        if (!columns.isEmpty()) {
            print(columns.stream().map(ResultColumn::name).toList());
        }
    }

    @Override
    public boolean rows(List<List<String>> rows) {
        rows.forEach(this::print);
        return !out.checkError();
    }

    @Override
    public void end() {
        out.flush();
    }

    private void print(List<String> values) {
        try {
            csv.printRecord(values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
