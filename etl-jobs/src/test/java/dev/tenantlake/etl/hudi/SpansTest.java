package dev.tenantlake.etl.hudi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpansTest {

    private static final int VALUES = 60;

    @Test
    void areOneWhereTheyOverlap() {
        Spans spans = new Spans("id").add(10, 20).add(30, 40).add(1, 2).add(15, 31);
        assertThat(spans.all()).isEqualTo(Map.of(1L, 2L, 10L, 40L));
    }

    @Test
    void meetWhatHasOneOfTheirValues() {
        Spans spans = Spans.of("id", List.of(5L, 900L));
        assertThat(spans.meet(0, 4)).isFalse();
        assertThat(spans.meet(5, 5)).isTrue();
        assertThat(spans.meet(6, 899)).isFalse();
        assertThat(spans.meet(6, 900)).isTrue();
        assertThat(spans.meet(901, Long.MAX_VALUE)).isFalse();
        assertThat(new Spans("id").meet(Long.MIN_VALUE, Long.MAX_VALUE)).isFalse();
    }

    @Test
    void holdTheValuesThatWereAdded() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            BitSet values = new BitSet();
            Spans spans = new Spans("id");
            for (int i = random.nextInt(8); i > 0; i--) {
                int least = random.nextInt(VALUES);
                int greatest = least + random.nextInt(6);
                values.set(least, greatest + 1);
                spans.add(least, greatest);
            }
            for (int least = 0; least < VALUES; least++) {
                int greatest = least + random.nextInt(10);
                int next = values.nextSetBit(least);
                assertThat(spans.meet(least, greatest))
                        .as("seed %s, %s to %s", seed, least, greatest)
                        .isEqualTo(next >= 0 && next <= greatest);
            }
        }
    }
}
