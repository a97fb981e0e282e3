package dev.tenantlake.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.ingest.BronzeRows.Row;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.EpochManifest.BronzeColumn;
import dev.tenantlake.model.LakeException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every type exactly, and the same from the snapshot's COPY as from the change stream. */
@ExtendWith(LocalAwsExtension.class)
class ValuesTest {

    private static final String TYPES = """
            CREATE TYPE shop.mood AS ENUM ('fine', 'so ''so''');
            CREATE TYPE shop.pair AS (a int, b text);
            CREATE DOMAIN shop.price AS numeric(12,2);
            CREATE DOMAIN shop.label AS varchar(20);
            CREATE TABLE shop.every_type (
              id bigint PRIMARY KEY,
              c_bool boolean DEFAULT true, c_int2 smallint DEFAULT 7, c_int4 integer DEFAULT 7, c_int8 bigint DEFAULT 7,
              c_oid oid, c_float4 real DEFAULT 1.5, c_float8 double precision DEFAULT 1.5,
              c_money_like numeric(12,2) DEFAULT 0.00, c_wide numeric(38,10), c_whole numeric(18,0), c_digits numeric(5),
              c_free numeric, c_huge numeric(50,5), c_rounded numeric(5,-2), c_price shop.price DEFAULT 1.00,
              c_text text DEFAULT 'none', c_varchar varchar(50), c_char char(5), c_name name, c_one "char",
              c_label shop.label, c_mood shop.mood DEFAULT 'fine', c_json json DEFAULT '{}', c_jsonb jsonb DEFAULT '{}',
              c_uuid uuid DEFAULT gen_random_uuid(), c_bytea bytea,
              c_date date DEFAULT CURRENT_DATE, c_timestamp timestamp DEFAULT now(), c_instant timestamptz DEFAULT now(),
              c_time time DEFAULT '10:00', c_timetz timetz, c_interval interval DEFAULT '1 day', c_cash money,
              c_texts text[] DEFAULT '{}', c_ints int[] DEFAULT '{1}', c_numbers numeric(12,2)[], c_flags boolean[],
              c_documents jsonb[], c_instants timestamptz[], c_uuids uuid[], c_moods shop.mood[], c_grid int[][],
              c_point point, c_box box, c_path path, c_circle circle, c_line line, c_segment lseg, c_polygon polygon,
              c_inet inet, c_cidr cidr, c_mac macaddr, c_bits bit(3), c_varbits varbit, c_range int4range,
              c_instant_range tstzrange, c_xml xml, c_vector tsvector, c_query tsquery, c_lsn pg_lsn, c_pair shop.pair,
              c_generated text GENERATED ALWAYS AS ('g' || id) STORED
            )
            """;

    private static final String COLUMNS = """
            (id, c_bool, c_int2, c_int4, c_int8, c_oid, c_float4, c_float8, c_money_like, c_wide, c_whole, c_digits,
             c_free, c_huge, c_rounded, c_price, c_text, c_varchar, c_char, c_name, c_one, c_label, c_mood, c_json,
             c_jsonb, c_uuid, c_bytea, c_date, c_timestamp, c_instant, c_time, c_timetz, c_interval, c_cash, c_texts,
             c_ints, c_numbers, c_flags, c_documents, c_instants, c_uuids, c_moods, c_grid, c_point, c_box, c_path,
             c_circle, c_line, c_segment, c_polygon, c_inet, c_cidr, c_mac, c_bits, c_varbits, c_range, c_instant_range,
             c_xml, c_vector, c_query, c_lsn, c_pair)
            """;

    /** Rows by their number: ordinary, extreme, infinite, negative, null, by default. */
    private static final Map<Integer, String> ROWS = Map.of(1, """
            (1, true, -3, 42, 4200000000, 4000000000, 0.1, 0.1, 12.34, 1234567890.0123456789, 123456789012345678, 12345,
             1.10, 5.00001, 12345, 99.90, 'Zoë “quoted” \\ 🚲', 'v', 'ab', 'n', 'x', 'l', 'so ''so''', '{"a" :  1}',
             '{"b": 1, "a": [1.50, null]}', '0A0B0C0D-0000-4000-8000-00000000ABCD', '\\x00ff10', '2026-05-01',
             '2026-05-01 12:00:00.123456', '2026-05-01 12:00:00.123456+02', '23:59:59.999999', '12:00:00.5+05:30',
             '1 year 2 months 3 days 04:05:06.7', 1234.5, '{a,"b c",NULL,"NULL","q\\"\\\\"}', '{1,NULL,-3}',
             '{1.10,NaN}', '{t,f,NULL}', ARRAY['{"a": "b,}"}'::jsonb, 'null'], '{2026-05-01 12:00:00.5+02,infinity}',
             '{0a0b0c0d-0000-4000-8000-00000000abcd}', '{fine,so ''so''}', '{{1,2},{3,4}}', '(1,2.5)', '(1,2),(3,4)',
             '((1,2),(3,4))', '<(1,2),3>', '{1,2,3}', '[(1,2),(3,4)]', '((1,2),(3,4),(5,6))', '10.0.0.1', '10.0.0.0/8',
             '08:00:2b:01:02:03', B'101', B'1', '[1,5)', '[2026-05-01 00:00+00,2026-05-02 00:00+00)', '<a>1</a>',
             'a fat cat', 'fat & cat', '0/1A2B3C', '(1,"x y")')""", 2, """
            (2, false, 32767, 2147483647, 9223372036854775807, 1, 'NaN', 'NaN', 9999999999.99,
             9999999999999999999999999999.9999999999, 999999999999999999, 99999, 'NaN', 0, 99900, -9999999999.99, '', '',
             '', '', '', '', 'fine', '[]', '[]', NULL, '', '9999-12-31', '9999-12-31 23:59:59.999999',
             '20000-01-01 00:00+00', '24:00:00', '00:00:00+00', '00:00:00', 0, '{}', '[2:3]={7,8}', '{}', '{}', '{}',
             '{0044-03-15 00:00:00+00 BC}', '{}', '{}', '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '::1/128', '::/0',
             NULL, NULL, B'', 'empty', NULL, NULL, NULL, NULL, NULL, NULL)""", 3, """
            (3, NULL, -32768, -2147483648, -9223372036854775808, 0, 'Infinity', '-Infinity', -0.01, -0.0000000001, -1, -1,
             'Infinity', -1, -100, 0, E'line\\nbreak\\ttab', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
             '"text"', NULL, NULL, 'infinity', 'infinity', 'infinity', '00:00', NULL, '-1 day', -5.25, '{NULL}', NULL,
             NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
             NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)""", 4, """
            (4, NULL, 0, 0, 0, NULL, '-0', 1e-300, 0, 0, 0, 0, '-Infinity', 0, 0, 0.1, 'x', NULL, NULL, NULL, NULL, NULL,
             NULL, NULL, 'null', NULL, NULL, '-infinity', '-infinity', '-infinity', NULL, NULL, NULL, NULL, NULL,
             NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
             NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)""", 5, """
            (5, NULL, 0, 0, 0, NULL, 0, 0, 0.5, 0.00000001, 0, 0, 12345678901234567890.0000100, 0, 0, 0, 'x', NULL, NULL,
             NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '0044-03-15 BC', '0044-03-15 01:02:03 BC',
             '0044-03-15 01:02:03+00 BC', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
             NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
             NULL)""");

    @Test
    void areTheSameFromTheSnapshotAndFromTheStream(TestLake lake) throws Exception {
        lake.sql(TYPES);
        lake.publish("shop.every_type");
        insertRows(lake, 0);
        lake.sql("INSERT INTO shop.every_type (id) VALUES (6)");
        lake.sql("UPDATE shop.every_type SET c_uuid = '0a0b0c0d-0000-4000-8000-00000000abcd', c_date = '2026-05-01',"
                + " c_timestamp = '2026-05-01', c_instant = '2026-05-01 00:00+00' WHERE id = 6");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            insertRows(lake, 100);
            lake.sql("INSERT INTO shop.every_type (id, c_uuid, c_date, c_timestamp, c_instant) VALUES (106,"
                    + " '0a0b0c0d-0000-4000-8000-00000000abcd', '2026-05-01', '2026-05-01', '2026-05-01 00:00+00')");
            run.caughtUp();
        }

        Map<Object, Row> rows =
                lake.bronze().of("every_type").collect(Collectors.toMap(row -> row.value("id"), Function.identity()));
        for (long id = 1; id <= 6; id++) {
            Map<String, Object> snapshot = new HashMap<>(rows.get(id).values());
            Map<String, Object> stream = new HashMap<>(rows.get(id + 100).values());
            assertThat(rows.get(id).operation()).isEqualTo("r");
            assertThat(rows.get(id + 100).operation()).isEqualTo("c");
            snapshot.remove("id");
            stream.remove("id");
            assertThat(stream).as("row " + id).isEqualTo(snapshot);
        }
        assertOrdinary(rows.get(1L).values());
        assertExtreme(rows.get(2L).values());
        assertInfinite(rows.get(3L).values(), rows.get(4L).values());
        assertThat(rows.get(5L).values())
                .containsEntry("c_free", "12345678901234567890.0000100")
                .containsEntry("c_date", LocalDate.of(-43, 3, 15))
                .containsEntry("c_timestamp", Instant.parse("-0043-03-15T01:02:03Z"))
                .containsEntry("c_instant", Instant.parse("-0043-03-15T01:02:03Z"));
        assertThat(rows.get(106L).values())
                .containsEntry("c_bool", true)
                .containsEntry("c_text", "none")
                .containsEntry("c_ints", "[1]")
                .doesNotContainKeys("c_generated", "c_wide");
        assertTypes(lake.log().read(1).orElseThrow());
    }

    private static void insertRows(TestLake lake, int offset) {
        ROWS.forEach((number, values) -> lake.sql("INSERT INTO shop.every_type " + COLUMNS + " VALUES "
                + values.strip().replaceFirst("\\(" + number + ",", "(" + (number + offset) + ",")));
    }

    private static void assertOrdinary(Map<String, Object> row) {
        Map<String, Object> expected = new HashMap<>();
        expected.put("c_bool", true);
        expected.put("c_int2", -3);
        expected.put("c_int4", 42);
        expected.put("c_int8", 4_200_000_000L);
        expected.put("c_oid", 4_000_000_000L);
        expected.put("c_float4", 0.1f);
        expected.put("c_float8", 0.1);
        expected.put("c_money_like", new BigDecimal("12.34"));
        expected.put("c_wide", new BigDecimal("1234567890.0123456789"));
        expected.put("c_whole", new BigDecimal("123456789012345678"));
        expected.put("c_digits", new BigDecimal("12345"));
        expected.put("c_free", "1.10");
        expected.put("c_huge", "5.00001");
        expected.put("c_rounded", "12300");
        expected.put("c_price", new BigDecimal("99.90"));
        expected.put("c_text", "Zoë “quoted” \\ 🚲");
        expected.put("c_char", "ab   ");
        expected.put("c_mood", "so 'so'");
        expected.put("c_json", "{\"a\" :  1}");
        expected.put("c_jsonb", "{\"a\": [1.50, null], \"b\": 1}");
        expected.put("c_uuid", "0a0b0c0d-0000-4000-8000-00000000abcd");
        expected.put("c_bytea", "00ff10");
        expected.put("c_date", LocalDate.of(2026, 5, 1));
        expected.put("c_timestamp", Instant.parse("2026-05-01T12:00:00.123456Z"));
        expected.put("c_instant", Instant.parse("2026-05-01T10:00:00.123456Z"));
        expected.put("c_time", 86_399_999_999L);
        expected.put("c_timetz", "06:30:00.500Z");
        expected.put("c_cash", "1234.50");
        expected.put("c_texts", "[\"a\",\"b c\",null,\"NULL\",\"q\\\"\\\\\"]");
        expected.put("c_ints", "[1,null,-3]");
        expected.put("c_numbers", "[1.10,\"NaN\"]");
        expected.put("c_flags", "[true,false,null]");
        expected.put("c_documents", "[{\"a\": \"b,}\"},null]");
        expected.put("c_instants", "[\"2026-05-01T10:00:00.500Z\",\"infinity\"]");
        expected.put("c_uuids", "[\"0a0b0c0d-0000-4000-8000-00000000abcd\"]");
        expected.put("c_moods", "[\"fine\",\"so 'so'\"]");
        expected.put("c_grid", "[[1,2],[3,4]]");
        expected.put("c_inet", "10.0.0.1");
        expected.put("c_bits", "101");
        expected.put("c_range", "[1,5)");
        expected.put("c_pair", "(1,\"x y\")");
        assertThat(row).containsAllEntriesOf(expected).doesNotContainKey("c_generated");
    }

    private static void assertExtreme(Map<String, Object> row) {
        assertThat(row)
                .containsEntry("c_int8", Long.MAX_VALUE)
                .containsEntry("c_float4", Float.NaN)
                .containsEntry("c_float8", Double.NaN)
                .containsEntry("c_money_like", new BigDecimal("9999999999.99"))
                .containsEntry("c_wide", new BigDecimal("9999999999999999999999999999.9999999999"))
                .containsEntry("c_free", "NaN")
                .containsEntry("c_price", new BigDecimal("-9999999999.99"))
                .containsEntry("c_text", "")
                .containsEntry("c_bytea", "")
                .containsEntry("c_instant", Instant.parse("+20000-01-01T00:00:00Z"))
                .containsEntry("c_time", 86_400_000_000L)
                .containsEntry("c_texts", "[]")
                .containsEntry("c_ints", "[7,8]")
                .containsEntry("c_instants", "[\"-0043-03-15T00:00:00Z\"]");
    }

    private static void assertInfinite(Map<String, Object> positive, Map<String, Object> negative) {
        assertThat(positive)
                .containsEntry("c_date", LocalDate.of(9999, 12, 31))
                .containsEntry("c_timestamp", Instant.parse("9999-12-31T23:59:59.999999Z"))
                .containsEntry("c_instant", Instant.parse("9999-12-31T23:59:59.999999Z"))
                .containsEntry("c_free", "Infinity")
                .containsEntry("c_float4", Float.POSITIVE_INFINITY)
                .containsEntry("c_wide", new BigDecimal("-0.0000000001"))
                .containsEntry("c_money_like", new BigDecimal("-0.01"))
                .doesNotContainKey("c_bool");
        assertThat(negative)
                .containsEntry("c_date", LocalDate.of(1, 1, 1))
                .containsEntry("c_timestamp", Instant.parse("0001-01-01T00:00:00Z"))
                .containsEntry("c_instant", Instant.parse("0001-01-01T00:00:00Z"))
                .containsEntry("c_free", "-Infinity")
                .containsEntry("c_jsonb", "null");
    }

    private static void assertTypes(EpochManifest manifest) {
        List<BronzeColumn> columns =
                manifest.schemas().values().iterator().next().columns();
        assertThat(columns)
                .contains(
                        new BronzeColumn("id", "bigint"),
                        new BronzeColumn("c_int2", "smallint"),
                        new BronzeColumn("c_money_like", "decimal(12,2)"),
                        new BronzeColumn("c_price", "decimal(12,2)"),
                        new BronzeColumn("c_wide", "decimal(38,10)"),
                        new BronzeColumn("c_free", "string"),
                        new BronzeColumn("c_instant", "timestamp"),
                        new BronzeColumn("c_bytea", "binary"),
                        new BronzeColumn("c_texts", "string"));
        assertThat(manifest.schemas()).as("one schema for both ways").hasSize(1);
    }

    @Test
    void stopsAtANumberThatIsNone(TestLake lake) throws Exception {
        lake.sql("CREATE TABLE shop.prices (id int PRIMARY KEY, price numeric(12,2))");
        lake.publish("shop.prices");
        lake.sql("INSERT INTO shop.prices VALUES (1, 1.00), (2, 'NaN')");

        try (IngestRun run = IngestRun.start(lake)) {
            assertThat(run.refusal())
                    .hasMessageContaining("column price of shop.prices holds NaN, which decimal(12,2) cannot")
                    .extracting(LakeException::kind)
                    .isEqualTo(LakeException.Kind.UNFIT);
        }
        assertThat(lake.epochs()).isEmpty();

        lake.sql("UPDATE shop.prices SET price = 2.00 WHERE id = 2");
        try (IngestRun run = IngestRun.start(lake)) {
            run.loaded();
            lake.sql("INSERT INTO shop.prices VALUES (3, 3.00)");
            run.caughtUp();
            lake.transaction("INSERT INTO shop.prices VALUES (4, 4.00)", "INSERT INTO shop.prices VALUES (5, 'NaN')");
            assertThat(run.refusal()).hasMessageContaining("column price of shop.prices holds NaN");
        }
        assertThat(lake.bronze().of("prices").map(row -> row.value("id"))).containsExactly(1, 2, 3);

        try (IngestRun run = IngestRun.start(lake, lake.config(IngestConfig.UNREPRESENTABLE, "null"))) {
            run.caughtUp();
        }
        assertThat(lake.bronze().of("prices").map(row -> row.value("id"))).containsExactly(1, 2, 3, 4, 5);
        assertThat(lake.bronze().replay("prices", "id").get(5)).doesNotContainKey("price");
    }
}
