package dev.tenantlake.query.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenantlake.model.LakeJson;
import dev.tenantlake.query.athena.ResultColumn;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultPrinterTest {

    private static final List<ResultColumn> COLUMNS = List.of(
            new ResultColumn("tenant", "varchar"),
            new ResultColumn("orders", "bigint"),
            new ResultColumn("revenue", "decimal(38,2)"),
            new ResultColumn("late", "boolean"));
    private static final List<List<String>> ROWS = List.of(
            List.of("acme", "7", "1234.50", "true"),
            Arrays.asList("Żółw, \"Ltd\"\nWest", "1234567", null, "false"),
            Arrays.asList("", "0", "-0.05", null));

    @Test
    void alignsATableWithNumbersToTheRight() {
        assertThat(printed(OutputFormat.TABLE, COLUMNS, ROWS)).isEqualTo("""
                        tenant              orders  revenue  late
                        -----------------  -------  -------  -----
                        acme                     7  1234.50  true
                        Żółw, "Ltd"\\nWest  1234567     NULL  false
                                                 0    -0.05  NULL
                        """);
    }

    @Test
    void growsATableByThePage() {
        StringWriter text = new StringWriter();
        OutputFormat.ResultPrinter printer = OutputFormat.TABLE.printer(new PrintWriter(text));
        printer.columns(List.of(new ResultColumn("n", "integer"), new ResultColumn("t", "varchar")));
        printer.rows(List.of(List.of("1", "a")));
        printer.rows(List.of(List.of("100", "b"), List.of("2", "c")));
        printer.end();
        assertThat(text.toString()).isEqualTo("""
                n  t
                -  -
                1  a
                100  b
                  2  c
                """);
    }

    @Test
    void showsTheColumnsOfAResultWithoutRows() {
        assertThat(printed(OutputFormat.TABLE, COLUMNS, List.of())).startsWith("tenant  orders  revenue  late\n");
        assertThat(printed(OutputFormat.CSV, COLUMNS, List.of())).isEqualTo("tenant,orders,revenue,late\n");
        assertThat(printed(OutputFormat.JSON, COLUMNS, List.of())).isEqualTo("[]\n");
        assertThat(printed(OutputFormat.TABLE, List.of(), List.of())).isEmpty();
    }

    @Test
    void quotesInCsvWhatNeedsIt() {
        assertThat(printed(OutputFormat.CSV, COLUMNS, ROWS)).isEqualTo("""
                        tenant,orders,revenue,late
                        acme,7,1234.50,true
                        "Żółw, ""Ltd""
                        West",1234567,,false
                        "",0,-0.05,
                        """);
    }

    @Test
    void keepsTypesAndEveryDigitInJson() throws IOException {
        String json = printed(OutputFormat.JSON, COLUMNS, ROWS);
        JsonNode rows = LakeJson.mapper().readTree(json);
        assertThat(rows).hasSize(3);
        assertThat(json).contains("{\"tenant\":\"acme\",\"orders\":7,\"revenue\":1234.50,\"late\":true}");
        assertThat(rows.get(1).get("tenant").textValue()).isEqualTo("Żółw, \"Ltd\"\nWest");
        assertThat(rows.get(1).get("revenue").isNull()).isTrue();
        assertThat(rows.get(2).get("tenant").textValue()).isEmpty();
        assertThat(rows.get(2).get("late").isNull()).isTrue();
    }

    @Test
    void keepsJsonReadableWhateverTheColumns() throws IOException {
        String json = printed(
                OutputFormat.JSON,
                List.of(
                        new ResultColumn("a", "double"),
                        new ResultColumn("a", "double"),
                        new ResultColumn("a_2", "varchar")),
                List.of(List.of("NaN", "1.0E-5", "x")));
        assertThat(LakeJson.mapper().readTree(json)).isEqualTo(LakeJson.mapper().readTree("""
                [{"a":"NaN","a_2":1.0E-5,"a_2_2":"x"}]"""));
    }

    @Test
    void wantsNoMoreRowsWhenNobodyReadsThem() {
        OutputStream closedPipe = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        for (OutputFormat format : OutputFormat.values()) {
            OutputFormat.ResultPrinter printer = format.printer(new PrintWriter(closedPipe));
            printer.columns(COLUMNS);
            assertThat(printer.rows(ROWS)).as(format.name()).isFalse();
        }
    }

    private static String printed(OutputFormat format, List<ResultColumn> columns, List<List<String>> rows) {
        StringWriter text = new StringWriter();
        OutputFormat.ResultPrinter printer = format.printer(new PrintWriter(text));
        printer.columns(columns);
        printer.rows(rows);
        printer.end();
        return text.toString();
    }
}
