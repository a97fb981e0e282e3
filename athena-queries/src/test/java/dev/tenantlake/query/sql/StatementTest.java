package dev.tenantlake.query.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.LakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SELECT 1|SELECT 1",
                "SELECT 1 ; ;|SELECT 1",
                "SELECT ';'|SELECT ';'",
                "SELECT ';';|SELECT ';'",
                "SELECT 1; -- and; no more|SELECT 1",
                "SELECT \"a;b\" /* ; */|SELECT \"a;b\" /* ; */",
                "SELECT 1; SELECT 2|SELECT 1; SELECT 2",
                "SELECT 1; SELECT 2;|SELECT 1; SELECT 2"
            })
    void losesTheSemicolonAtItsEndAndNoOther(String text, String sql) {
        assertThat(Statement.of(text).sql()).isEqualTo(sql);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", ";", " ;; ", "-- SELECT 1", "/* SELECT 1 */ ;"})
    void isThere(String text) {
        assertThatThrownBy(() -> Statement.of(text))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind().exitCode()).isEqualTo(2))
                .hasMessage("the SQL is empty: expected a statement such as SELECT 1");
    }

    @Test
    void tellsAParameterFromAQuestionMark() {
        assertThat(SqlScanner.scan("a = ? AND b = '?''?' -- ?\n AND \"?\" = /* ? */ ?"))
                .filteredOn(token -> token.kind() == SqlScanner.Kind.PARAMETER)
                .extracting(SqlScanner.Token::start)
                .containsExactly(4, 45);
    }

    @Test
    void endsWithTheTextWhereAQuoteIsNotClosed() {
        assertThat(SqlScanner.scan("SELECT 'abc")).hasSize(2);
        assertThat(SqlScanner.scan("/* abc")).hasSize(1);
    }
}
