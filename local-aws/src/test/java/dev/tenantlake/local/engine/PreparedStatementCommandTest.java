package dev.tenantlake.local.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.local.engine.PreparedStatementCommand.Deallocate;
import dev.tenantlake.local.engine.PreparedStatementCommand.Execute;
import dev.tenantlake.local.engine.PreparedStatementCommand.Prepare;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreparedStatementCommandTest {

    @Test
    void readsWhatIsToBePrepared() {
        assertThat(PreparedStatementCommand.parse("prepare revenue FROM\nSELECT * -- all\nFROM t WHERE a = ? ;"))
                .contains(new Prepare("revenue", "SELECT * -- all\nFROM t WHERE a = ?"));
        assertThat(PreparedStatementCommand.parse("DEALLOCATE PREPARE \"Revenue\";"))
                .contains(new Deallocate("Revenue"));
    }

    @Test
    void readsWhatIsToBeRunWithWhichParameters() {
        assertThat(PreparedStatementCommand.parse("EXECUTE revenue")).contains(new Execute("revenue", List.of()));
        assertThat(PreparedStatementCommand.parse("EXECUTE revenue USING 'a, b', -1 , DATE '2026-01-01', f(1, 2);"))
                .contains(new Execute("revenue", List.of("'a, b'", "-1", "DATE '2026-01-01'", "f(1, 2)")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SELECT 1",
                "EXECUTE",
                "EXECUTE IMMEDIATE 'SELECT 1'",
                "EXECUTE a USING",
                "EXECUTE a 1",
                "PREPARE a FROM",
                "PREPARE a SELECT 1",
                "DEALLOCATE a",
            })
    void leavesOtherStatementsAlone(String sql) {
        assertThat(PreparedStatementCommand.parse(sql)).isEmpty();
    }
}
