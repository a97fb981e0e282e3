package dev.tenantlake.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalTest {

    @Test
    void readsTheAdministrator() {
        Principal admin = Principal.parse("admin");
        assertThat(admin).isEqualTo(new Principal.Admin());
        assertThat(admin.workgroup()).isEqualTo("tenantlake");
    }

    @Test
    void readsAnAnalyst() {
        Principal principal = Principal.parse("analyst:acme-tools");
        assertThat(principal).isEqualTo(new Principal.Analyst("acme-tools"));
        assertThat(principal.workgroup()).isEqualTo("tenantlake-acme-tools");
        assertThat(((Principal.Analyst) principal).roleName()).isEqualTo("tenantlake-analyst-acme-tools");
        assertThat(principal).hasToString("analyst:acme-tools");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "root",
                "Admin",
                "analyst:",
                "analyst:Acme",
                "analyst:a--b",
                "analyst:-a",
                "analyst:a/b",
                "analyst:a' or '1'='1",
                "analyst:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void refusesWhatCouldNotBeOne(String text) {
        assertThatThrownBy(() -> Principal.parse(text))
                .isInstanceOfSatisfying(
                        LakeException.class,
                        refusal -> assertThat(refusal.kind().exitCode()).isEqualTo(2))
                .hasMessageContaining("expected");
    }
}
