package dev.tenantlake.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesTest {

    @Test
    void theMedianIsNotMovedByOneRoundThatWentWrong() {
        Series rounds = new Series("rate", "rows/s", List.of(100.0, 9.0, 110.0));

        assertThat(rounds.median()).isEqualTo(100.0);
        assertThat(rounds.lowest()).isEqualTo(9.0);
        assertThat(rounds.highest()).isEqualTo(110.0);
        assertThat(new Series("rate", "", List.of(1.0, 2.0)).median()).isEqualTo(1.5);
    }

    @Test
    void aRatioIsThatOfTheRoundsThatBelongTogether() {
        Series ours = new Series("ours", "rows/s", List.of(50.0, 90.0));
        Series baseline = new Series("baseline", "rows/s", List.of(100.0, 200.0));

        assertThat(ours.dividedBy(baseline, "ratio").values()).containsExactly(0.5, 0.45);
        assertThatThrownBy(() -> ours.dividedBy(new Series("short", "", List.of(1.0)), "ratio"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFigureThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new Series("rate", "", List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Series("rate", "", List.of(0.0 / 0.0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Series("rate", "", List.of(1 / 0.0))).isInstanceOf(IllegalArgumentException.class);
    }
}
