package dev.tenantlake.control.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StrikeTest {

    @Test
    void theSameSeedStrikesTheSame() {
        assertThat(Strike.schedule(10, 7)).isEqualTo(Strike.schedule(10, 7)).isNotEqualTo(Strike.schedule(10, 8));
    }

    @Test
    void moreRoundsBeginAsFewerDo() {
        assertThat(Strike.schedule(10, 7).subList(0, 3)).isEqualTo(Strike.schedule(3, 7));
    }

    @Test
    void everybodyIsHitAndEveryRoundHitsSeveral() {
        List<List<Strike>> schedule = Strike.schedule(100, 1);
        Map<Victim, Long> hits = new EnumMap<>(Victim.class);
        schedule.stream()
                .flatMap(List::stream)
                .flatMap(strike -> strike.victims().stream())
                .forEach(victim -> hits.merge(victim, 1L, Long::sum));
        assertThat(hits.keySet()).containsExactlyInAnyOrder(Victim.values());
        assertThat(hits.get(Victim.SUPERVISOR)).isLessThan(hits.get(Victim.CDC_INGEST));
        assertThat(schedule).allMatch(round -> round.size() >= 3 && round.size() <= 5);
        // Fifty kills are no more than a dozen rounds.
        assertThat(hits.values().stream().mapToLong(Long::longValue).sum()).isGreaterThan(417);
    }

    @Test
    void theWeightsAreHundredths() {
        assertThat(Stream.of(Victim.values()).mapToInt(Victim::weight).sum()).isEqualTo(100);
    }
}
