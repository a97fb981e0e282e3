package dev.tenantlake.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LsnTest {

    @ParameterizedTest
    @ValueSource(strings = {"0/0", "0/1A2B3C", "16/B374D848", "FFFFFFFF/FFFFFFFF"})
    void isWrittenAsItWasRead(String text) {
        assertThat(Lsn.parse(text)).hasToString(text);
    }

    @Test
    void isOrderedAsAnUnsignedNumber() {
        assertThat(Lsn.parse("1/0")).isGreaterThan(Lsn.parse("0/FFFFFFFF"));
        assertThat(Lsn.parse("FFFFFFFF/0")).isGreaterThan(Lsn.parse("7FFFFFFF/0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "0/", "0/1/2", "0/xyz", "0/123456789"})
    void refusesWhatIsNoLsn(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lsn.parse(text))
                .withMessageContaining("not an LSN such as 0/1A2B3C");
    }
}
