package dev.tenantlake.control.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a slot gets an alarm. */
class SlotStateTest {

    private static final long LIMIT = 2L << 30;

    @Test
    void saysNothingWhileItIsReadAndFarFromItsLimit() {
        assertThat(slot(true, LIMIT / 2 - 1, "reserved").alarm()).isEmpty();
    }

    @Test
    void saysThatNobodyReadsIt() {
        assertThat(slot(false, 0, "reserved").alarm().orElseThrow()).startsWith("nobody reads the slot tenantlake");
    }

    @Test
    void warnsAtHalfTheLimitAndGivesTheAlarmAtFourFifths() {
        assertThat(slot(true, LIMIT / 2, "extended").alarm().orElseThrow())
                .isEqualTo("warning: Postgres keeps 1024 MiB of log for the slot tenantlake, 50 % of its limit of"
                        + " 2048 MiB; cdc-ingest does not keep up");
        assertThat(slot(false, LIMIT / 4 * 3 + LIMIT / 10, "extended").alarm().orElseThrow())
                .startsWith("ALARM: Postgres keeps 1741 MiB")
                .contains("get cdc-ingest to run")
                .contains("max_slot_wal_keep_size");
    }

    @Test
    void saysThatItIsLost() {
        assertThat(slot(false, 0, "lost").alarm().orElseThrow())
                .startsWith("ALARM: the slot tenantlake is lost")
                .contains("load the tables anew");
    }

    @Test
    void knowsNoShareOfNoLimit() {
        assertThat(new SlotState("tenantlake", true, 0, 1L << 40, Optional.empty(), "reserved", 0).alarm())
                .isEmpty();
    }

    private static SlotState slot(boolean active, long retained, String walStatus) {
        return new SlotState("tenantlake", active, 0, retained, Optional.of(LIMIT), walStatus, 0);
    }
}
