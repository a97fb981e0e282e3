package dev.tenantlake.ingest.bronze;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What files of two types are read as. */
class GlueTypeMergeTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    string        | string        | string
                    int           | bigint        | bigint
                    bigint        | smallint      | bigint
                    float         | double        | double
                    decimal(12,2) | decimal(14,2) | decimal(14,2)
                    decimal(14,2) | decimal(12,2) | decimal(14,2)
                    decimal(12,2) | decimal(12,4) |
                    decimal(12,2) | string        |
                    int           | string        |
                    int           | double        |
                    bigint        | decimal(20,0) |
                    date          | timestamp     |
                    """)
    void isTheWiderOfTwoThatFitTogether(String one, String other, String merged) {
        assertThat(GlueTypeMerge.of(one, other).orElse(null)).isEqualTo(merged);
    }
}
