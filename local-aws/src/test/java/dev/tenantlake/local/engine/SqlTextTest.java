package dev.tenantlake.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.local.engine.QueryEngine.QueryFailedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTextTest {

    @Test
    void takesOneStatementWithoutItsSemicolon() {
        assertThat(SqlText.of(" SELECT 1 ; ; -- end\n").forTrino()).isEqualTo(" SELECT 1");
        assertThat(SqlText.of("SELECT ';', \";\" /* ; */ -- ;\r FROM t").forTrino())
                .isEqualTo("SELECT ';', \";\" /* ; */ -- ;\r FROM t");
        for (String empty : List.of("", " \n", ";", "-- SELECT 1", "/* SELECT 1 */")) {
            assertThatThrownBy(() -> SqlText.of(empty)).isInstanceOf(QueryFailedException.class);
        }
        assertThatThrownBy(() -> SqlText.of("SELECT 1; SELECT 2")).hasMessageContaining("Only one SQL statement");
        // The comment ends with the carriage return.
        assertThatThrownBy(() -> SqlText.of("SELECT 1 -- \r; SELECT 2")).hasMessageContaining("Only one SQL statement");
    }

    @Test
    void saysShowDatabasesInTrinosWords() {
        assertThat(SqlText.of("show /* all */ databases LIKE 's%'").forTrino()).isEqualTo("SHOW SCHEMAS LIKE 's%'");
        assertThat(SqlText.of("SHOW TABLES").forTrino()).isEqualTo("SHOW TABLES");
    }

    @Test
    void findsNamesWhetherQuotedOrNot() {
        assertThat(SqlText.of("SELECT * FROM HIDDEN.a.b").names("hidden")).isTrue();
        assertThat(SqlText.of("SELECT * FROM \"Hidden\" . a.b").names("hidden")).isTrue();
        assertThat(SqlText.of("SELECT 1.FROM hidden.a.b").names("hidden")).isTrue();
        assertThat(SqlText.of("SELECT 'hidden' -- hidden\n FROM hidden_not.a.\"hidden b\" /* hidden */")
                        .names("hidden"))
                .isFalse();
        assertThat(SqlText.of("SELECT 'a'' hidden' FROM \"a\"\" hidden\"").names("hidden"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "(((select 1)))",
                "WITH a AS (SELECT 1) SELECT * FROM a",
                "VALUES 1",
                "TABLE t",
                "-- comment\nSHOW TABLES",
                "DESCRIBE t",
                "DESC t",
                "EXPLAIN SELECT 1",
                "EXPLAIN (TYPE IO) SELECT 1",
                "SELECT explain AS analyze FROM t",
            })
    void knowsStatementsThatRead(String sql) {
        assertThatCode(() -> SqlText.of(sql).requireReading()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO t VALUES 1",
                "CREATE VIEW v AS SELECT 1",
                "SET SESSION a = 1",
                "CALL p()",
                "EXECUTE IMMEDIATE 'SELECT 1'",
                "PREPARE a FROM SELECT 1",
                "\"SELECT\" 1",
                "EXPLAIN ANALYZE SELECT 1",
                "EXPLAIN (TYPE IO) EXPLAIN/**/ANALYZE VERBOSE SELECT 1",
                "-- \rEXPLAIN ANALYZE SELECT 1",
            })
    void knowsStatementsThatDoMore(String sql) {
        assertThatThrownBy(() -> SqlText.of(sql).requireReading())
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("Access Denied");
    }

    @Test
    void putsParametersIn() {
        SqlText sql = SqlText.of("SELECT 'a' WHERE ? = ?;");
        assertThat(sql.forTrino(List.of())).isEqualTo("SELECT 'a' WHERE ? = ?");
        assertThat(sql.forTrino(List.of("-1", "'x''y' -- comment")))
                .isEqualTo("EXECUTE IMMEDIATE 'SELECT ''a'' WHERE ? = ?' USING - 1, 'x''y'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "1, 2", "'a' || 'b'", "(1)", "f()", "'a", "\"a\"", "- 'a'", "DATE a", "1 -- \r, 2", "?"
            })
    void takesNothingButConstants(String parameter) {
        assertThatThrownBy(() -> SqlText.of("SELECT ?").forTrino(List.of(parameter)))
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining("is not a constant");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1", "-1.5", "+2", "1e-5", "'a'", "TRUE", "null", "DATE '2026-01-01'", "X'00'", "decimal '1.0'"})
    void takesConstants(String parameter) {
        assertThatCode(() -> SqlText.of("SELECT ?").forTrino(List.of(parameter)))
                .doesNotThrowAnyException();
    }
}
