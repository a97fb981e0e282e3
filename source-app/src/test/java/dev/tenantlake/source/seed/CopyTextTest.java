package dev.tenantlake.source.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.PostgresExtension;
import dev.tenantlake.source.TestShop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

@ExtendWith(PostgresExtension.class)
class CopyTextTest {

    @Test
    void postgresReadsWhatWasWritten(TestShop shop) throws SQLException, IOException {
        String hard = "tab\tline\nreturn\rback\\slash \\N \"quoted\" {a,b} 'é' 日本 \uD83D\uDE00";
        shop.execute("""
                CREATE TABLE written (n bigint, no bigint, flag boolean, money numeric(12,2), at timestamptz, text text,
                    none text, texts text[], no_texts text[], empty text[])
                """);
        try (Connection connection = shop.connect();
                PGCopyOutputStream out =
                        new PGCopyOutputStream(connection.unwrap(PGConnection.class), "COPY written FROM STDIN")) {
            new CopyText(out, 10)
                    .row(row(text -> text.number(-7)
                            .number(OptionalLong.empty())
                            .flag(true)
                            .money(1_234_567_890_05L)
                            .instant(1_767_225_600_000_001L)
                            .text(hard)
                            .text(null)
                            .texts(List.of(hard, "", "NULL", "a b"))
                            .texts(null)
                            .texts(List.of())));
        }

        try (Connection connection = shop.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT *, at AT TIME ZONE 'UTC' AS utc FROM written")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getLong("n")).isEqualTo(-7);
            assertThat(row.getString("no")).isNull();
            assertThat(row.getBoolean("flag")).isTrue();
            assertThat(row.getBigDecimal("money")).isEqualByComparingTo("1234567890.05");
            assertThat(row.getString("utc")).isEqualTo("2026-01-01 00:00:00.000001");
            assertThat(row.getString("text")).isEqualTo(hard);
            assertThat(row.getString("none")).isNull();
            assertThat((Object[]) row.getArray("texts").getArray()).containsExactly(hard, "", "NULL", "a b");
            assertThat(row.getArray("no_texts")).isNull();
            assertThat((Object[]) row.getArray("empty").getArray()).isEmpty();
        }
    }

    @Test
    void aRowHasToFillTheTable() {
        CopyText text = new CopyText(new ByteArrayOutputStream(), 2);

        assertThatThrownBy(() -> text.row(row(values -> values.number(1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("2 columns");
    }

    @Test
    void smallAmountsKeepTheirZeros() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new CopyText(out, 3).row(row(text -> text.money(0).money(5).money(1_050)));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("0.00\t0.05\t10.50\n");
    }

    private static Row row(Values values) {
        return new Row() {
            @Override
            public SourceTable table() {
                return SourceTable.EVENTS;
            }

            @Override
            public void copyTo(CopyText text) throws IOException {
                values.giveTo(text);
            }
        };
    }

    private interface Values {
        void giveTo(CopyText text) throws IOException;
    }
}
