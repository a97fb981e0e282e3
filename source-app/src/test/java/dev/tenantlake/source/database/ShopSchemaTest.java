package dev.tenantlake.source.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenantlake.model.ColumnType;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.PostgresExtension;
import dev.tenantlake.source.TestShop;
import dev.tenantlake.source.database.ShopSchema.Migrated;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class ShopSchemaTest {

    @Test
    void hasTheColumnsThatTheLakeCarries(TestShop shop) throws SQLException {
        new ShopSchema(shop.database()).migrate();

        List<String> expected = SourceTable.ALL.stream()
                .flatMap(table -> IntStream.range(0, table.columns().size()).mapToObj(i -> {
                    var column = table.columns().get(i);
                    return "%s|%d|%s|%s|%s"
                            .formatted(
                                    table.name(),
                                    i + 1,
                                    column.name(),
                                    postgresType(column.type()),
                                    column.nullable() ? "YES" : "NO");
                }))
                .sorted()
                .toList();
        List<String> actual = shop.rows("""
                        SELECT table_name, ordinal_position, column_name,
                            CASE WHEN data_type = 'ARRAY' THEN substr(udt_name, 2) || '[]'
                                 WHEN data_type = 'numeric'
                                 THEN 'numeric(' || numeric_precision || ',' || numeric_scale || ')'
                                 ELSE data_type END,
                            is_nullable
                        FROM information_schema.columns WHERE table_schema = 'shop'
                        """).stream().sorted().toList();
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void hasTheKeysThatTheLakeGoesBy(TestShop shop) throws SQLException {
        new ShopSchema(shop.database()).migrate();

        for (SourceTable table : SourceTable.ALL) {
            assertThat(shop.rows("""
                                    SELECT column_name FROM information_schema.table_constraints
                                    JOIN information_schema.key_column_usage USING (constraint_schema, constraint_name)
                                    WHERE constraint_schema = 'shop' AND constraint_type = 'PRIMARY KEY'
                                        AND table_constraints.table_name = '%s' ORDER BY ordinal_position
                                    """.formatted(table.name()))).as(table.name()).isEqualTo(table.primaryKey());
        }
    }

    @Test
    void aReferenceNeverLeavesItsTenant(TestShop shop) throws SQLException {
        new ShopSchema(shop.database()).migrate();

        assertThat(shop.rows("""
                                SELECT conrelid::regclass, conname FROM pg_constraint
                                WHERE contype = 'f' AND connamespace = 'shop'::regnamespace
                                    AND pg_get_constraintdef(oid)
                                        !~ '^FOREIGN KEY \\(tenant_id(, \\w+)?\\) REFERENCES shop\\.\\w+\\((tenant_id, )?id\\)'
                                """)).isEmpty();
        shop.execute("""
                INSERT INTO shop.tenants (slug, name, plan, country, currency, time_zone)
                VALUES ('one', 'One', 'starter', 'US', 'USD', 'UTC'), ('two', 'Two', 'starter', 'US', 'USD', 'UTC')
                """);
        shop.execute("INSERT INTO shop.customers (tenant_id, country) VALUES (1, 'US')");
        assertThatThrownBy(
                        () -> shop.execute(
                                "INSERT INTO shop.orders (tenant_id, customer_id, currency, total_amount) VALUES (2, 1, 'USD', 0)"))
                .hasMessageContaining("orders_customer_fkey");
    }

    @Test
    void streamsTheEightTablesAndNothingElse(TestShop shop) throws SQLException {
        new ShopSchema(shop.database()).migrate();

        List<String> names = SourceTable.ALL.stream().map(SourceTable::name).toList();
        assertThat(shop.rows("SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = 'tenantlake'"))
                .containsExactlyInAnyOrderElementsOf(
                        names.stream().map(name -> "shop|" + name).toList());
        assertThat(shop.rows("""
                        SELECT pubinsert, pubupdate, pubdelete, pubtruncate, puballtables FROM pg_publication
                        WHERE pubname = 'tenantlake'
                        """)).containsExactly("t|t|t|t|f");
        assertThat(shop.rows("""
                                SELECT relname, relreplident FROM pg_class
                                WHERE relnamespace = 'shop'::regnamespace AND relkind = 'r'
                                """))
                .containsExactlyInAnyOrderElementsOf(
                        names.stream().map(name -> name + "|f").toList());
    }

    @Test
    void migratesOnce(TestShop shop) {
        ShopSchema schema = new ShopSchema(shop.database());

        Migrated first = schema.migrate();
        assertThat(first.applied()).isPositive();
        assertThat(schema.migrate()).isEqualTo(new Migrated(0, first.version()));
    }

    @Test
    void anUpdateLeavesItsTimeUnlessItBringsOne(TestShop shop) throws SQLException {
        new ShopSchema(shop.database()).migrate();
        shop.execute("""
                INSERT INTO shop.tenants (slug, name, plan, country, currency, time_zone, created_at, updated_at)
                VALUES ('one', 'One', 'starter', 'US', 'USD', 'UTC', '2020-01-01Z', '2020-01-01Z')
                """);

        shop.execute("UPDATE shop.tenants SET name = 'Other'");
        assertThat(shop.rows("SELECT updated_at > now() - interval '1 hour' FROM shop.tenants"))
                .containsExactly("t");

        shop.execute("UPDATE shop.tenants SET name = 'Third', updated_at = '2021-01-01Z'");
        assertThat(shop.rows("SELECT updated_at = '2021-01-01Z' FROM shop.tenants"))
                .containsExactly("t");
    }

    @Test
    void aTenantsSlugAndTimeZoneAreOnesThatCanBeUsed(TestShop shop) throws SQLException {
        new ShopSchema(shop.database()).migrate();
        String insert = """
                INSERT INTO shop.tenants (slug, name, plan, country, currency, time_zone)
                VALUES ('%s', 'One', 'starter', 'US', 'USD', '%s')
                """;

        assertThatThrownBy(() -> shop.execute(insert.formatted("Not-Lower", "UTC")))
                .hasMessageContaining("tenants_slug_check");
        assertThatThrownBy(() -> shop.execute(insert.formatted("one--two", "UTC")))
                .hasMessageContaining("tenants_slug_check");
        assertThatThrownBy(() -> shop.execute(insert.formatted("one", "Europe/Nowhere")))
                .hasMessageContaining("time zone");
        shop.execute(insert.formatted("one-2", "Europe/Berlin"));
    }

    private static String postgresType(ColumnType type) {
        return switch (type) {
            case BIGINT -> "bigint";
            case INTEGER -> "integer";
            case TEXT -> "text";
            case BOOLEAN -> "boolean";
            case MONEY -> "numeric(12,2)";
            case INSTANT -> "timestamp with time zone";
            case DATE -> "date";
            case UUID -> "uuid";
            case JSON -> "jsonb";
            case TEXT_ARRAY -> "text[]";
        };
    }
}
