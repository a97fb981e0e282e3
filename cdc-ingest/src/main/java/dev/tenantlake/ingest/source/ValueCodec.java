package dev.tenantlake.ingest.source;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.bronze.BronzeType;
import dev.tenantlake.ingest.bronze.BronzeType.Kind;
import dev.tenantlake.parquet.Column;
import io.debezium.connector.postgresql.PostgresValueConverter;
import io.debezium.data.SpecialValueDecimal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import org.postgresql.geometric.PGbox;
import org.postgresql.geometric.PGcircle;
import org.postgresql.geometric.PGline;
import org.postgresql.geometric.PGlseg;
import org.postgresql.geometric.PGpath;
import org.postgresql.geometric.PGpoint;
import org.postgresql.geometric.PGpolygon;
import org.postgresql.jdbc.PgArray;
import org.postgresql.util.ByteConverter;
import org.postgresql.util.PGInterval;
import org.postgresql.util.PGobject;

/**
 * How the values of one source type are carried: what their bronze column is, and how they are read from the two places
 * that they come from. Both readings stand here side by side, because they have to give the same value for the same row.
 *
 * <p>{@code numeric(p,s)} is a decimal; without precision, or beyond what a decimal holds, text. An infinite
 * {@code date}, {@code timestamp} or {@code timestamptz} is carried as {@code 9999-12-31} (23:59:59.999999), a negative
 * one as {@code 0001-01-01}: instants that every engine reads and that no row of an application means otherwise.
 * {@code time} is microseconds since midnight, since Glue has no such type. {@code jsonb}, {@code uuid}, enumerations and
 * every type that is not named here are Postgres' text of them, arrays are JSON.
 */
final class ValueCodec {

    /** {@code infinity} of a {@code timestamp} or {@code timestamptz}: 9999-12-31 23:59:59.999999. */
    static final long INFINITE_MICROS = 253_402_300_799_999_999L;
    /** {@code -infinity} of a {@code timestamp} or {@code timestamptz}: 0001-01-01 00:00. */
    static final long NEGATIVE_INFINITE_MICROS = -62_135_596_800_000_000L;
    /** {@code infinity} of a {@code date}: 9999-12-31. */
    static final int INFINITE_DAY = 2_932_896;
    /** {@code -infinity} of a {@code date}: 0001-01-01. */
    static final int NEGATIVE_INFINITE_DAY = -719_162;

    /** From Postgres' epoch, 2000-01-01, to Unix': what its binary form counts from. */
    private static final long EPOCH_MICROS = 946_684_800_000_000L;

    private static final int EPOCH_DAYS = 10_957;
    /** The two characters of each byte, the first in the higher bits. */
    private static final short[] HEX_DIGITS = hexDigits();

    private static final int UUID_CHARACTERS = 36;

    private final BronzeType type;
    private final CopyForm copyForm;
    private final CopyReader copyReader;
    private final StreamReader streamReader;

    private ValueCodec(BronzeType type, CopyForm copyForm, CopyReader copyReader, StreamReader streamReader) {
        this.type = requireNonNull(type, "type");
        this.copyForm = requireNonNull(copyForm, "copyForm");
        this.copyReader = requireNonNull(copyReader, "copyReader");
        this.streamReader = requireNonNull(streamReader, "streamReader");
    }

    /** Reads a field of a binary COPY into its column; it throws before it has added anything. */
    @FunctionalInterface
    private interface CopyReader {
        void read(byte[] buffer, int offset, int length, Column to);
    }

    /** Reads what Debezium made of a field of the change stream, before its own conversion. */
    @FunctionalInterface
    private interface StreamReader {
        Object read(Object raw);
    }

    /** In which form a COPY is asked for a column. */
    private enum CopyForm {
        /** As it is. */
        BINARY,
        /** As the text that the type's output function gives, which is what the change stream carries. A cast may differ. */
        TEXT,
        /** As a {@code numeric}: {@code money}, whose text depends on the locale. */
        NUMERIC
    }

    BronzeType type() {
        return type;
    }

    /** What COPY has to select. */
    String copyExpression(String quotedColumn) {
        return switch (copyForm) {
            case BINARY -> quotedColumn;
            case TEXT -> "CASE WHEN " + quotedColumn + " IS NOT NULL THEN format('%s', " + quotedColumn + ") END";
            case NUMERIC -> quotedColumn + "::numeric";
        };
    }

    void fromCopy(byte[] buffer, int offset, int length, Column to) {
        copyReader.read(buffer, offset, length, to);
    }

    Object fromStream(Object raw) {
        return streamReader.read(raw);
    }

    /** How a type is carried, by its number in {@code pg_type}. */
    static ValueCodec of(SourceType source) {
        return switch (source.oid()) {
            case 16 ->
                binary(Kind.BOOLEAN, (buffer, offset, length, to) -> to.addBoolean(buffer[offset] != 0), raw ->
                        (Boolean) raw);
            case 21 ->
                binary(
                        Kind.SMALLINT,
                        (buffer, offset, length, to) -> to.addInt(ByteConverter.int2(buffer, offset)),
                        raw -> ((Number) raw).intValue());
            case 23 ->
                binary(
                        Kind.INTEGER,
                        (buffer, offset, length, to) -> to.addInt(ByteConverter.int4(buffer, offset)),
                        raw -> ((Number) raw).intValue());
            case 20 ->
                binary(
                        Kind.BIGINT,
                        (buffer, offset, length, to) -> to.addLong(ByteConverter.int8(buffer, offset)),
                        raw -> ((Number) raw).longValue());
            case 26 ->
                binary(
                        Kind.BIGINT,
                        (buffer, offset, length, to) ->
                                to.addLong(Integer.toUnsignedLong(ByteConverter.int4(buffer, offset))),
                        raw -> ((Number) raw).longValue());
            case 700 ->
                binary(
                        Kind.FLOAT,
                        (buffer, offset, length, to) -> to.addFloat(ByteConverter.float4(buffer, offset)),
                        raw -> ((Number) raw).floatValue());
            case 701 ->
                binary(
                        Kind.DOUBLE,
                        (buffer, offset, length, to) -> to.addDouble(ByteConverter.float8(buffer, offset)),
                        raw -> ((Number) raw).doubleValue());
            case 17 ->
                binary(Kind.BINARY, (buffer, offset, length, to) -> to.addBytes(buffer, offset, length), raw ->
                        (byte[]) raw);
            case 1082 ->
                binary(
                        Kind.DATE,
                        (buffer, offset, length, to) -> to.addInt(day(ByteConverter.int4(buffer, offset))),
                        raw -> day((LocalDate) raw));
            case 1114 ->
                binary(
                        Kind.TIMESTAMP,
                        (buffer, offset, length, to) -> to.addLong(micros(ByteConverter.int8(buffer, offset))),
                        raw -> micros((Instant) raw));
            case 1184 ->
                binary(
                        Kind.INSTANT,
                        (buffer, offset, length, to) -> to.addLong(micros(ByteConverter.int8(buffer, offset))),
                        raw -> micros((OffsetDateTime) raw));
            case 1083 ->
                binary(
                        Kind.BIGINT,
                        (buffer, offset, length, to) -> to.addLong(ByteConverter.int8(buffer, offset)),
                        raw -> TimestampText.timeMicros((String) raw));
            case SourceType.NUMERIC -> numeric(source);
            // text, varchar, char(n), json: the binary form is the text.
            case 25, 1043, 1042, 114 ->
                binary(Kind.STRING, (buffer, offset, length, to) -> to.addBytes(buffer, offset, length), raw ->
                        (String) raw);
            // jsonb: a byte with the version of the form, then the text.
            case 3802 ->
                binary(Kind.STRING, (buffer, offset, length, to) -> to.addBytes(buffer, offset + 1, length - 1), raw ->
                        (String) raw);
            case 2950 ->
                binary(Kind.STRING, (buffer, offset, length, to) -> addUuid(buffer, offset, to), raw -> (String) raw);
            case 790 ->
                new ValueCodec(
                        BronzeType.of(Kind.STRING),
                        CopyForm.NUMERIC,
                        (buffer, offset, length, to) -> to.add(BinaryNumeric.toPlainText(buffer, offset)),
                        raw -> ((BigDecimal) raw).toPlainString());
            case 1266 -> text(TimestampText::timeToUtc, raw -> TimestampText.timeToUtc((OffsetTime) raw));
            case 1186 -> text(text -> normalised(new PGInterval(), text), ValueCodec::textOf);
            case 600 -> text(text -> normalised(new PGpoint(), text), ValueCodec::textOf);
            case 601 -> text(text -> normalised(new PGlseg(), text), ValueCodec::textOf);
            case 602 -> text(text -> normalised(new PGpath(), text), ValueCodec::textOf);
            case 603 -> text(text -> normalised(new PGbox(), text), ValueCodec::textOf);
            case 604 -> text(text -> normalised(new PGpolygon(), text), ValueCodec::textOf);
            case 628 -> text(text -> normalised(new PGline(), text), ValueCodec::textOf);
            case 718 -> text(text -> normalised(new PGcircle(), text), ValueCodec::textOf);
            default -> other(source);
        };
    }

    private static ValueCodec binary(Kind kind, CopyReader copyReader, StreamReader streamReader) {
        return new ValueCodec(BronzeType.of(kind), CopyForm.BINARY, copyReader, streamReader);
    }

    /** Turns Postgres' text of a value into what the change stream's parser makes of it. */
    @FunctionalInterface
    private interface TextReader {
        String read(String text);
    }

    private static ValueCodec text(TextReader textReader, StreamReader streamReader) {
        return new ValueCodec(
                BronzeType.of(Kind.STRING),
                CopyForm.TEXT,
                (buffer, offset, length, to) ->
                        to.add(textReader.read(new String(buffer, offset, length, StandardCharsets.UTF_8))),
                streamReader);
    }

    private static ValueCodec other(SourceType source) {
        ArrayJson.Element element = ArrayJson.element(source.oid());
        return text(
                text -> source.array() ? ArrayJson.of(text, element) : text,
                raw -> raw instanceof PgArray array ? ArrayJson.of(array.toString(), element) : textOf(raw));
    }

    private static ValueCodec numeric(SourceType source) {
        int precision = source.precision();
        int scale = source.scale();
        if (precision < 1 || precision > BronzeType.MAXIMUM_PRECISION || scale < 0 || scale > precision) {
            return new ValueCodec(
                    BronzeType.of(Kind.STRING),
                    CopyForm.BINARY,
                    (buffer, offset, length, to) -> to.add(BinaryNumeric.toPlainText(buffer, offset)),
                    raw -> plainText((SpecialValueDecimal) raw));
        }
        BronzeType type = BronzeType.decimal(precision, scale);
        if (type.fitsLong()) {
            return new ValueCodec(
                    type,
                    CopyForm.BINARY,
                    (buffer, offset, length, to) -> to.addLong(BinaryNumeric.toUnscaledLong(buffer, offset, scale)),
                    raw -> finite((SpecialValueDecimal) raw)
                            .setScale(scale)
                            .unscaledValue()
                            .longValueExact());
        }
        return new ValueCodec(
                type,
                CopyForm.BINARY,
                (buffer, offset, length, to) -> to.add(BinaryNumeric.toDecimal(buffer, offset)
                        .setScale(scale)
                        .unscaledValue()
                        .toByteArray()),
                raw -> finite((SpecialValueDecimal) raw)
                        .setScale(scale)
                        .unscaledValue()
                        .toByteArray());
    }

    private static BigDecimal finite(SpecialValueDecimal raw) {
        return raw.getDecimalValue().orElseThrow(() -> new UnrepresentableValueException(special(raw)));
    }

    private static String plainText(SpecialValueDecimal raw) {
        return raw.getDecimalValue().map(BigDecimal::toPlainString).orElseGet(() -> special(raw));
    }

    private static String special(SpecialValueDecimal raw) {
        if (raw.equals(SpecialValueDecimal.POSITIVE_INF)) {
            return BinaryNumeric.INFINITY;
        }
        return raw.equals(SpecialValueDecimal.NEGATIVE_INF) ? BinaryNumeric.NEGATIVE_INFINITY : BinaryNumeric.NAN;
    }

    private static int day(int postgresDay) {
        return switch (postgresDay) {
            case Integer.MAX_VALUE -> INFINITE_DAY;
            case Integer.MIN_VALUE -> NEGATIVE_INFINITE_DAY;
            default -> postgresDay + EPOCH_DAYS;
        };
    }

    private static int day(LocalDate raw) {
        if (raw.equals(PostgresValueConverter.POSITIVE_INFINITY_LOCAL_DATE)) {
            return INFINITE_DAY;
        }
        return raw.equals(PostgresValueConverter.NEGATIVE_INFINITY_LOCAL_DATE)
                ? NEGATIVE_INFINITE_DAY
                : (int) raw.toEpochDay();
    }

    private static long micros(long postgresMicros) {
        if (postgresMicros == Long.MAX_VALUE) {
            return INFINITE_MICROS;
        }
        if (postgresMicros == Long.MIN_VALUE) {
            return NEGATIVE_INFINITE_MICROS;
        }
        if (postgresMicros > Long.MAX_VALUE - EPOCH_MICROS) {
            throw tooLate();
        }
        return postgresMicros + EPOCH_MICROS;
    }

    private static long micros(OffsetDateTime raw) {
        if (raw.equals(PostgresValueConverter.POSITIVE_INFINITY_OFFSET_DATE_TIME)) {
            return INFINITE_MICROS;
        }
        return raw.equals(PostgresValueConverter.NEGATIVE_INFINITY_OFFSET_DATE_TIME)
                ? NEGATIVE_INFINITE_MICROS
                : unixMicros(raw.toInstant());
    }

    private static long micros(Instant raw) {
        if (raw.equals(PostgresValueConverter.POSITIVE_INFINITY_INSTANT)) {
            return INFINITE_MICROS;
        }
        return raw.equals(PostgresValueConverter.NEGATIVE_INFINITY_INSTANT)
                ? NEGATIVE_INFINITE_MICROS
                : unixMicros(raw);
    }

    private static long unixMicros(Instant instant) {
        try {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
        } catch (ArithmeticException e) {
            throw tooLate();
        }
    }

    private static UnrepresentableValueException tooLate() {
        return new UnrepresentableValueException("a timestamp after the year 294246");
    }

    /** Adds the text of a uuid. */
    private static void addUuid(byte[] buffer, int offset, Column to) {
        byte[] text = new byte[UUID_CHARACTERS];
        int at = 0;
        for (int i = 0; i < 16; i++) {
            if (i == 4 || i == 6 || i == 8 || i == 10) {
                text[at++] = '-';
            }
            int digits = HEX_DIGITS[buffer[offset + i] & 0xFF];
            text[at++] = (byte) (digits >> 8);
            text[at++] = (byte) digits;
        }
        to.addBytes(text, 0, text.length);
    }

    private static short[] hexDigits() {
        short[] digits = new short[256];
        for (int value = 0; value < digits.length; value++) {
            digits[value] = (short) (Character.forDigit(value >> 4, 16) << 8 | Character.forDigit(value & 0xF, 16));
        }
        return digits;
    }

    private static String textOf(Object raw) {
        if (raw instanceof String text) {
            return text;
        }
        if (raw instanceof PGobject object) {
            return object.getValue();
        }
        throw new IllegalArgumentException(
                "the change stream gave a " + raw.getClass().getName());
    }

    private static String normalised(PGobject parser, String text) {
        try {
            parser.setValue(text);
        } catch (SQLException e) {
            throw new IllegalArgumentException("not a " + parser.getType() + ": " + text, e);
        }
        return parser.getValue();
    }
}
