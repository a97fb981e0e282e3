package dev.tenantlake.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayJsonTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    STRING  | {}                        | []
                    STRING  | {a,"b c",NULL,"NULL",""}  | ["a","b c",null,"NULL",""]
                    STRING  | {"{,}","\\"","\\\\"}      | ["{,}","\\"","\\\\"]
                    STRING  | [0:1]={a,b}               | ["a","b"]
                    STRING  | [1:1][0:1]={{a,b}}        | [["a","b"]]
                    STRING  | {(1,1),(0,0);(3,3),(2,2)} | ["(1","1)","(0","0)","(3","3)","(2","2)"]
                    NUMBER  | {1,-2.50,NULL}            | [1,-2.50,null]
                    NUMBER  | {NaN,-Infinity}           | ["NaN","-Infinity"]
                    NUMBER  | {{1,2},{3,4}}             | [[1,2],[3,4]]
                    BOOLEAN | {t,f}                     | [true,false]
                    JSON    | {"{\\"a\\": [1]}",null}   | [{"a": [1]},null]
                    INSTANT | {"2026-05-01 12:00:00+02","2026-05-01 00:00:00-04:56:02"} \
                            | ["2026-05-01T10:00:00Z","2026-05-01T04:56:02Z"]
                    """)
    void isJson(ArrayJson.Element element, String array, String json) {
        assertThat(ArrayJson.of(array, element)).isEqualTo(json);
    }

    @Test
    void escapesWhatJsonEscapes() {
        assertThat(ArrayJson.of("{\"a\nb\tc\u0001\"}", ArrayJson.Element.STRING))
                .isEqualTo("[\"a\\nb\\tc\\u0001\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "{", "{a", "{a,", "{\"a}", "{a}b", "{a}{b}"})
    void isNotMadeOfWhatIsNoArray(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ArrayJson.of(text, ArrayJson.Element.STRING));
    }
}
