package dev.tenantlake.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AimTest {

    @Test
    void theBoundItselfMeetsIt() {
        assertThat(Aim.atLeast(0.45).verdict(0.45)).isEqualTo("met");
        assertThat(Aim.atMost(15, "s").verdict(15)).isEqualTo("met");
    }

    @Test
    void whatMissesItSaysByHowMuch() {
        assertThat(Aim.atLeast(4).verdict(3)).isEqualTo("**missed** by 25%");
        assertThat(Aim.atMost(15, "s").verdict(18)).isEqualTo("**missed** by 20%");
        // Never by nothing.
        assertThat(Aim.atMost(15, "s").verdict(15.001)).isEqualTo("**missed** by 1%");
        assertThat(Aim.atMost(15, "s").text()).isEqualTo("≤ 15 s");
    }
}
