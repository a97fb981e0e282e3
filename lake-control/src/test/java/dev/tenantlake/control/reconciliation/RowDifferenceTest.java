package dev.tenantlake.control.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowDifferenceTest {

    @Test
    void namesWhatIsMissingTooManyAndDifferent() {
        RowDifference difference = RowDifference.of(
                "silver.orders",
                Map.of("1\u001f1", "a", "1\u001f2", "b", "1\u001f3", "c", "1\u001f4", "d"),
                List.of(
                        List.of("1\u001f1", "a"),
                        List.of("1\u001f1", "a"),
                        List.of("1\u001f2", "B"),
                        List.of("1\u001f3", "c"),
                        List.of("1\u001f9", "z")));
        assertThat(difference)
                .isEqualTo(new RowDifference(
                        "silver.orders",
                        1,
                        2,
                        1,
                        List.of(
                                "1/1 only in the lake, or there twice",
                                "1/2 differs",
                                "1/9 only in the lake, or there twice",
                                "1/4 only in the source")));
        assertThat(difference.text()).startsWith("silver.orders: 1 rows are missing, 2 too many, 1 differ [1/1 ");
    }

    @Test
    void equalRowsDoNotDiffer() {
        assertThat(RowDifference.of("gold.x", Map.of("1", "a"), List.of(List.of("1", "a"))))
                .isEqualTo(new RowDifference("gold.x", 0, 0, 0, List.of()));
    }
}
