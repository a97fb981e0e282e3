package dev.tenantlake.local.athena;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Some rows of a result, read from the object that a {@link ResultFile} became.
 *
 * @param rows each with its values, null where there is none
 * @param next the byte at which the rows after them begin; empty if there are none
 */
record ResultPage(List<List<String>> rows, OptionalLong next) {

    /**
     * Reads rows.
     *
     * @param content the object from a byte on at which a row begins
     * @param from that byte
     * @param most how many rows
     * @param columns how many values a row has
     */
    static ResultPage read(InputStream content, long from, int most, int columns, StatementKind kind) {
        try (content) {
            return kind == StatementKind.DML ? readCsv(content, from, most) : readLines(content, from, most, columns);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read a result", e);
        }
    }

    private static ResultPage readCsv(InputStream content, long from, int most) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        try (CSVParser parser = CSVParser.builder()
                .setInputStream(content)
                .setCharset(UTF_8)
                .setFormat(ResultFile.CSV)
                .setTrackBytes(true)
                .get()) {
            for (CSVRecord row : parser) {
                if (rows.size() == most) {
                    return new ResultPage(rows, OptionalLong.of(from + row.getBytePosition()));
                }
                rows.add(Arrays.asList(row.values()));
            }
        }
        return new ResultPage(rows, OptionalLong.empty());
    }

    private static ResultPage readLines(InputStream content, long from, int most, int columns) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        long at = from;
        BufferedReader lines = new BufferedReader(new InputStreamReader(content, UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (rows.size() == most) {
                return new ResultPage(rows, OptionalLong.of(at));
            }
            rows.add(List.of(line.split("\t", Math.max(1, columns))));
            at += line.getBytes(UTF_8).length + 1;
        }
        return new ResultPage(rows, OptionalLong.empty());
    }
}
