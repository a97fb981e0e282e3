package dev.tenantlake.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EpochManifestTest {

    @Test
    void isReadAsItWasWritten() {
        Map<String, Object> offset = new HashMap<>();
        offset.put("lsn", 4_294_967_297L);
        offset.put("transaction_id", null);
        EpochManifest manifest = manifest(7, Optional.of(offset));

        byte[] json = LakeJson.bytes(manifest);
        EpochManifest read = LakeJson.read(json, EpochManifest.class, "test");

        assertThat(read).isEqualTo(manifest);
        assertThat(LakeJson.bytes(read)).isEqualTo(json);
        assertThat(new String(json, StandardCharsets.UTF_8))
                .contains("\"lastLsn\":\"1/2A\"", "\"lastCommittedAt\":\"2026-05-01T10:00:00.123456Z\"");
    }

    @Test
    void countsTheRowsOfAllTables() {
        assertThat(manifest(7, Optional.empty()).rows()).isEqualTo(5);
    }

    @Test
    void isNumberedFromOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> manifest(0, Optional.empty()))
                .withMessageContaining("numbered from 1");
    }

    @Test
    void namesTheObjectThatCannotBeRead() {
        assertThatThrownBy(() -> LakeJson.read(
                        "{".getBytes(StandardCharsets.UTF_8), EpochManifest.class, "bronze/_epochs/1.json"))
                .isInstanceOf(LakeException.class)
                .hasMessageStartingWith("bronze/_epochs/1.json is not a readable EpochManifest");
    }

    private static EpochManifest manifest(long epoch, Optional<Map<String, Object>> offset) {
        Instant committed = Instant.parse("2026-05-01T10:00:00.123456Z");
        return new EpochManifest(
                epoch,
                EpochManifest.Kind.STREAM,
                new EpochManifest.Source("7300000000000000001", "shop", "tenantlake"),
                Lsn.parse("1/1"),
                Lsn.parse("1/2A"),
                committed,
                committed,
                2,
                LocalDate.of(2026, 5, 1),
                Map.of(
                        "orders",
                        new EpochManifest.TableSlice(
                                2,
                                false,
                                List.of(new EpochManifest.DataFile("bronze/orders/1.parquet", 2, 100, "orders-1"))),
                        "events",
                        new EpochManifest.TableSlice(3, true, List.of())),
                Map.of(
                        "orders-1",
                        new EpochManifest.BronzeSchema(
                                "orders", List.of(new EpochManifest.BronzeColumn("id", "bigint")))),
                Set.of("orders", "events"),
                offset,
                committed);
    }
}
