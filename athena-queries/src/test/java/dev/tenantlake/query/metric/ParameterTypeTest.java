package dev.tenantlake.query.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterTypeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "date; 2026-02-28; '2026-02-28'",
                "date; 2024-02-29; '2024-02-29'",
                "integer(1..10); 10; 10",
                "integer(-5..5); -5; -5",
                "choice(day|month); day; 'day'",
                "text; O'Brien; 'O''Brien'",
                "text; ' OR 1 = 1 --; ''' OR 1 = 1 --'"
            })
    void givesAthenaALiteral(String type, String value, String literal) {
        assertThat(ParameterType.parse(type).literal(value)).isEqualTo(literal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "date; 2026-02-30; expected a day from 1970-01-01 to 2999-12-31",
                "date; 2026-2-3; expected a day from 1970-01-01 to 2999-12-31",
                "date; 1969-12-31; expected a day from 1970-01-01 to 2999-12-31",
                "date; 12026-01-01; expected a day from 1970-01-01 to 2999-12-31",
                "date; now(); expected a day from 1970-01-01 to 2999-12-31",
                "integer(1..10); 0; expected a whole number from 1 to 10",
                "integer(1..10); 11; expected a whole number from 1 to 10",
                "integer(1..10); 1.5; expected a whole number from 1 to 10",
                "integer(1..10); 1 OR true; expected a whole number from 1 to 10",
                "choice(day|month); Day; expected one of day, month",
                "choice(day|month); hour; expected one of day, month"
            })
    void refusesWhatIsNoValueOfIt(String type, String value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParameterType.parse(type).literal(value))
                .withMessage(message);
    }

    @Test
    void takesNoTextThatAthenaWouldNot() {
        ParameterType text = ParameterType.parse("text");
        assertThat(text.literal("x".repeat(1022))).hasSize(1024);
        assertThatIllegalArgumentException().isThrownBy(() -> text.literal("x".repeat(1023)));
        assertThatIllegalArgumentException().isThrownBy(() -> text.literal("'".repeat(512)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"date", "text", "integer(1..10)", "integer(-5..5)", "choice(day|month)"})
    void isReadAsItIsWritten(String type) {
        assertThat(ParameterType.parse(type)).hasToString(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "int", "Date", "integer", "integer(1-10)", "integer(10..1)", "choice(day)", "choice()"})
    void refusesWhatIsNoType(String type) {
        assertThatIllegalArgumentException().isThrownBy(() -> ParameterType.parse(type));
    }
}
