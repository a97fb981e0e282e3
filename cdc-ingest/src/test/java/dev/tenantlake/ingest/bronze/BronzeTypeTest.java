package dev.tenantlake.ingest.bronze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tenantlake.ingest.bronze.BronzeType.Kind;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BronzeTypeTest {

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "DECIMAL")
    void isReadAsItIsWritten(Kind kind) {
        BronzeType type = BronzeType.of(kind);
        assertThat(BronzeType.parse(type.toString())).isEqualTo(type);
    }

    @Test
    void writesADecimalWithItsDigits() {
        BronzeType type = BronzeType.decimal(12, 2);
        assertThat(type).hasToString("DECIMAL(12,2)");
        assertThat(type.glueType()).isEqualTo("decimal(12,2)");
        assertThat(BronzeType.parse("DECIMAL(12,2)")).isEqualTo(type);
        assertThatIllegalArgumentException().isThrownBy(() -> BronzeType.decimal(39, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {19, 20, 28, 29, 37, 38})
    void takesAsManyBytesAsALongDecimalNeeds(int precision) {
        BigInteger largest = BigInteger.TEN.pow(precision).subtract(BigInteger.ONE);
        assertThat(BronzeType.decimal(precision, 0).decimalBytes()).isEqualTo(largest.toByteArray().length);
        assertThat(BronzeType.decimal(precision, 0).decimalBytes())
                .isGreaterThanOrEqualTo(largest.negate().toByteArray().length);
    }

    @Test
    void givesASchemaOneIdHoweverOftenItIsSeen() {
        FileSchema schema = new FileSchema("orders", List.of(new FileSchema.Column("id", BronzeType.of(Kind.BIGINT))));
        FileSchema same = new FileSchema("orders", List.of(new FileSchema.Column("id", BronzeType.parse("BIGINT"))));
        FileSchema other = new FileSchema("orders", List.of(new FileSchema.Column("id", BronzeType.of(Kind.INTEGER))));
        assertThat(schema.id()).startsWith("orders-").isEqualTo(same.id()).isNotEqualTo(other.id());
    }
}
