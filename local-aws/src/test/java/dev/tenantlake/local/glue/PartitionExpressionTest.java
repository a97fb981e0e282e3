package dev.tenantlake.local.glue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.local.glue.GlueCatalog.Column;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.local.wire.JsonInput;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionExpressionTest {

    private static final List<Column> KEYS = List.of(
            new Column("tenant_id", "bigint"), new Column("month", "string"), new Column("rate", "decimal(4,2)"));
    private static final JsonInput INPUT = new JsonInput(JsonApi.object(), "InvalidInputException");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tenant_id = 12|true",
                "tenant_id = '12'|true",
                "TENANT_ID = '012'|true",
                "tenant_id > 9|true",
                "tenant_id between 9 and 12|true",
                "tenant_id not between 9 and 12|false",
                "tenant_id <> 12|false",
                "tenant_id != 11|true",
                "tenant_id in ('1', '12')|true",
                "tenant_id not in (1, 12)|false",
                "not tenant_id = 1 and month = '2026-07'|true",
                "tenant_id = 1 or month >= '2026-07' and month <= '2026-07'|true",
                "(tenant_id = 1 or month = '2026-07') and month = '2026-08'|false",
                "month like '2026-%'|true",
                "month like '2026-_'|false",
                "month is null|false",
                "month is not null|true",
                "rate = 1.5|true",
                "\"month\" = '2026-07'|true",
            })
    void picks(String expression, boolean picked) {
        assertThat(PartitionExpression.parse(expression, KEYS, INPUT).matches(List.of("12", "2026-07", "1.50")))
                .isEqualTo(picked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenant_id < 5", "tenant_id > 5", "tenant_id <> 5", "tenant_id in (5)"})
    void picksNoPartitionWithoutAValue(String expression) {
        assertThat(PartitionExpression.parse(expression, KEYS, INPUT)
                        .matches(List.of("__HIVE_DEFAULT_PARTITION__", "2026-07", "1")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tenant_id",
                "tenant_id =",
                "tenant_id = 1 1",
                "tenant_id = 1 and",
                "tenant_id = other",
                "lower(month) = 'a'",
                "other = 1",
                "tenant_id = 'x'",
                "month = 'a",
                "(month = 'a'",
                "month = 'a'; drop table x",
            })
    void refusesWhatIsNoExpression(String expression) {
        assertThatThrownBy(() -> PartitionExpression.parse(expression, KEYS, INPUT))
                .isInstanceOfSatisfying(
                        AwsFault.class, fault -> assertThat(fault.code()).isEqualTo("InvalidInputException"));
    }
}
