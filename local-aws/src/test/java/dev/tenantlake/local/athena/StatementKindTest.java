package dev.tenantlake.local.athena;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementKindTest {

    @ParameterizedTest
    @CsvSource({
        "select 1, DML",
        "WITH a AS (SELECT 1) SELECT * FROM a, DML",
        "((SELECT 1)), DML",
        "EXECUTE stmt, DML",
        "INSERT INTO a VALUES 1, DML",
        "show tables, UTILITY",
        "DESC a, UTILITY",
        "EXPLAIN SELECT 1, UTILITY",
        "CREATE VIEW a AS SELECT 1, DDL",
        "drop table a, DDL",
        "/* show */ -- create, DML",
    })
    void isToldByTheFirstWord(String sql, StatementKind kind) {
        assertThat(StatementKind.of(sql)).isEqualTo(kind);
    }

    @Test
    void passesOverComments() {
        assertThat(StatementKind.of("/* SELECT\n */ -- SELECT 'it\n\n SHOW TABLES"))
                .isEqualTo(StatementKind.UTILITY);
        assertThat(StatementKind.of(" -- ".repeat(20_000))).isEqualTo(StatementKind.DML);
        assertThat(StatementKind.of("(".repeat(100_000) + "SELECT 1")).isEqualTo(StatementKind.DML);
    }
}
