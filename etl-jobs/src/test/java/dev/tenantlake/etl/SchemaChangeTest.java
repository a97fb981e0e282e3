package dev.tenantlake.etl;

import static dev.tenantlake.etl.Shop.customer;
import static dev.tenantlake.etl.Shop.invoice;
import static dev.tenantlake.etl.Shop.item;
import static dev.tenantlake.etl.Shop.money;
import static dev.tenantlake.etl.Shop.order;
import static dev.tenantlake.etl.Shop.product;
import static dev.tenantlake.etl.Shop.tenant;
import static dev.tenantlake.etl.Shop.with;
import static dev.tenantlake.model.SourceTable.CUSTOMERS;
import static dev.tenantlake.model.SourceTable.INVOICES;
import static dev.tenantlake.model.SourceTable.ORDERS;
import static dev.tenantlake.model.SourceTable.ORDER_ITEMS;
import static dev.tenantlake.model.SourceTable.PRODUCTS;
import static dev.tenantlake.model.SourceTable.TENANTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.etl.silver.SilverStage;
import dev.tenantlake.etl.silver.SilverTables;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPosition;
import dev.tenantlake.model.LayerPosition.StoppedTable;
import dev.tenantlake.model.SourceTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of silver when the source's tables are loaded anew or change their columns. */
@ExtendWith(LakeExtension.class)
class SchemaChangeTest {

    private static final String ORDERED_AT = "2026-06-01T10:00:00Z";

    @Test
    void replacesTheRowsOfATableThatIsLoadedAnew(TestLake lake) {
        Source source = begin(lake);
        source.insert(INVOICES, with(invoice(2, 8, 1), Map.of("status", "lost")));
        SilverStage silver = afterSnapshot(lake);
        Map<String, Object> untouched = order(2, 1, "paid", "10.00", ORDERED_AT);

        // What changed while the table was not followed; bronze has none of it.
        source.delete(ORDERS, order(1, 1, "", "0", ORDERED_AT));
        source.update(ORDERS, order(1, 2, "", "0", ORDERED_AT), Map.of("status", "refunded"));
        source.insert(ORDERS, order(3, 1, "paid", "10.00", "2026-09-01T10:00:00Z"));
        source.insert(ORDERS, order(1, 9, "teleported", "10.00", ORDERED_AT));
        source.delete(INVOICES, invoice(2, 8, 1));
        source.load(ORDERS, INVOICES);
        source.insert(CUSTOMERS, customer(1, 2));
        source.update(ORDERS, order(3, 1, "", "0", ORDERED_AT), Map.of("status", "shipped"));
        source.cut();
        advance(silver);

        source.delete(ORDERS, order(1, 9, "", "0", ORDERED_AT));
        assertSilverIsSource(lake, SourceTable.ALL);
        assertThat(lake.rows(SilverTables.QUARANTINE))
                .extracting(row -> row.get("record_key"))
                .containsExactly("1/9");
        assertThat(lake.timeline().at(SilverTables.of(ORDERS), 2).orElseThrow().epoch())
                .as("the load is a commit of its own")
                .isEqualTo(2);
        assertThat(silver(lake, ORDERS)).contains(untouched);
        source.cut();
        advance(silver);
        assertThat(lake.rows(SilverTables.QUARANTINE)).isEmpty();

        // The slot was lost: everything anew, one table empty now, and another process.
        source.rows(PRODUCTS).clear();
        source.rows(CUSTOMERS).removeIf(row -> row.get("tenant_id").equals(2L));
        source.snapshot();
        advance(lake.silver());
        assertSilverIsSource(lake, SourceTable.ALL);
        source.insert(PRODUCTS, product(1, 7));
        source.cut();
        advance(lake.silver());
        assertAllFollow(lake);
    }

    @Test
    void stopsATableWhoseColumnIsOfAnotherKindUntilItIsLoadedAnew(TestLake lake) {
        Source source = begin(lake);
        SilverStage silver = afterSnapshot(lake);

        source.update(PRODUCTS, product(1, 1), Map.of("name", "before"));
        source.cut();
        List<Map<String, Object>> good = copy(source.rows(PRODUCTS));
        source.changeColumn(PRODUCTS, "stock_quantity", "string");
        source.update(PRODUCTS, product(1, 1), Map.of("name", "after", "stock_quantity", "plenty"));
        source.insert(CUSTOMERS, customer(1, 2));
        source.cut();
        advance(silver);

        assertStopped(
                lake, "products", 2, "epoch 3 of shop.products has stock_quantity as string, where the lake has int");
        assertThat(lake.position(Layer.SILVER).epoch()).isEqualTo(3);
        assertOnlyThisKeeps(lake, PRODUCTS, good);

        // The others go on, over a restart too, and the stopped one keeps its place.
        source.delete(PRODUCTS, product(2, 1));
        source.insert(CUSTOMERS, customer(1, 3));
        source.cut();
        StoppedTable stopped = lake.position(Layer.SILVER).stopped().get("products");
        silver = lake.silver();
        advance(silver);
        assertThat(lake.position(Layer.SILVER).epoch()).isEqualTo(4);
        assertThat(lake.position(Layer.SILVER).stopped()).containsExactly(Map.entry("products", stopped));
        assertOnlyThisKeeps(lake, PRODUCTS, good);

        // Without the position, all of it is found again.
        lake.losePosition(Layer.SILVER);
        silver = lake.silver();
        advance(silver);
        assertStopped(lake, "products", 2, "epoch 3 of shop.products has stock_quantity as string");
        assertThat(lake.position(Layer.SILVER).epoch()).isEqualTo(4);

        // The source is put right, and the table loaded anew.
        source.changeColumn(PRODUCTS, "stock_quantity", "int");
        source.rows(PRODUCTS).forEach(row -> row.put("stock_quantity", 5));
        source.insert(PRODUCTS, product(2, 9));
        source.load(PRODUCTS);
        source.update(PRODUCTS, product(2, 9), Map.of("name", "later"));
        source.cut();
        advance(silver);
        assertThat(lake.position(Layer.SILVER).epoch()).isEqualTo(6);
        assertAllFollow(lake);
        assertThat(lake.rows(SilverTables.QUARANTINE)).isEmpty();
    }

    @Test
    void takesAWiderTypeAsLongAsItsValuesAreOnesOfTheLake(TestLake lake) {
        Source source = begin(lake);
        SilverStage silver = afterSnapshot(lake);

        source.changeColumn(PRODUCTS, "stock_quantity", "bigint");
        source.changeColumn(PRODUCTS, "unit_price", "decimal(16,4)");
        source.update(PRODUCTS, product(1, 1), Map.of("stock_quantity", 2_000_000_000, "unit_price", money("7.5000")));
        source.insert(PRODUCTS, with(product(1, 2), Map.of("unit_price", money("9999999999.99"))));
        source.cut();
        advance(silver);
        reprice(source, money("7.5000"), money("7.50"));
        assertAllFollow(lake);

        List<Map<String, Object>> good = copy(source.rows(PRODUCTS));
        source.insert(PRODUCTS, product(1, 3));
        good.add(product(1, 3));
        source.cut();
        source.insert(PRODUCTS, with(product(1, 4), Map.of("stock_quantity", 2_147_483_648L)));
        source.insert(CUSTOMERS, customer(1, 2));
        source.cut();
        source.insert(PRODUCTS, product(1, 5));
        source.cut();
        advance(silver);
        assertStopped(
                lake,
                "products",
                3,
                "epoch 4 of shop.products has values in stock_quantity that the lake's type does not hold exactly");
        assertOnlyThisKeeps(lake, PRODUCTS, good);

        source.update(PRODUCTS, product(1, 4), Map.of("stock_quantity", 4));
        source.load(PRODUCTS);
        advance(silver);
        assertAllFollow(lake);
    }

    @Test
    void followsByItselfWhenTheColumnIsChangedBackAndNoValueIsLost(TestLake lake) {
        Source source = begin(lake);
        SilverStage silver = afterSnapshot(lake);

        source.changeColumn(PRODUCTS, "unit_price", "string");
        source.insert(PRODUCTS, with(product(1, 2), Map.of("unit_price", "12.5")));
        source.cut();
        source.delete(PRODUCTS, product(2, 1));
        source.cut();
        advance(silver);
        assertStopped(lake, "products", 1, "epoch 2 of shop.products has unit_price as string");

        source.changeColumn(PRODUCTS, "unit_price", "decimal(12,2)");
        source.update(PRODUCTS, product(1, 1), Map.of("name", "again"));
        source.cut();
        advance(lake.silver());
        reprice(source, "12.5", money("12.50"));
        assertAllFollow(lake);
    }

    @Test
    void stopsATableWithoutItsKeyAndLivesWithoutAnyOtherColumn(TestLake lake) {
        Source source = begin(lake);
        SilverStage silver = afterSnapshot(lake);

        List<Map<String, Object>> good = copy(source.rows(INVOICES));
        source.renameColumn(INVOICES, "issued_at", "issued");
        source.update(INVOICES, invoice(1, 1, 1), Map.of("status", "paid"));
        source.renameColumn(CUSTOMERS, "segment", "kind");
        source.update(CUSTOMERS, customer(1, 1), Map.of("kind", "business"));
        source.cut();
        advance(silver);

        assertStopped(lake, "invoices", 1, "epoch 2 of shop.invoices has no column issued_at");
        assertThat(silver(lake, INVOICES)).containsExactlyInAnyOrderElementsOf(good);
        assertThat(lake.rows(SilverTables.QUARANTINE)).isEmpty();
        assertThat(silver(lake, CUSTOMERS))
                .containsExactlyInAnyOrderElementsOf(copy(source.rows(CUSTOMERS)).stream()
                        .peek(row -> {
                            // The row that was not touched since has what it had.
                            if (!"business".equals(row.remove("kind"))) {
                                row.put("segment", "consumer");
                            }
                        })
                        .toList());

        source.renameColumn(INVOICES, "issued", "issued_at");
        source.load(INVOICES);
        advance(silver);
        assertThat(lake.position(Layer.SILVER).stopped()).isEmpty();
        assertSilverIsSource(lake, List.of(INVOICES));
    }

    @Test
    void stopsATableThatBronzeDoesNotCarryUntilItIsLoadedAgain(TestLake lake) {
        Source source = begin(lake);
        afterSnapshot(lake);
        List<Map<String, Object>> good = copy(source.rows(INVOICES));
        source.delete(INVOICES, invoice(1, 1, 1));
        source.leaveOut(INVOICES);
        source.insert(CUSTOMERS, customer(1, 2));
        source.cut();
        SilverStage silver = lake.silver();
        advance(silver);
        assertStopped(lake, "invoices", 1, "from epoch 2 on bronze does not carry shop.invoices");

        // Changes before the load stand on rows that the lake has not seen.
        source.insert(INVOICES, invoice(1, 2, 1));
        source.cut();
        advance(lake.silver());
        assertStopped(lake, "invoices", 1, "from epoch 2 on bronze does not carry shop.invoices");
        assertOnlyThisKeeps(lake, INVOICES, good);

        source.load(INVOICES);
        advance(lake.silver());
        assertAllFollow(lake);
    }

    @Test
    void takesAColumnWithTheModelThatHasIt(TestLake lake) {
        Source source = begin(lake);
        source.snapshot();
        List<SourceTable> olderModel = new ArrayList<>(allBut(PRODUCTS));
        olderModel.add(without(PRODUCTS, "tags"));
        advance(lake.silver(olderModel));
        assertThat(lake.table("silver", "products").storageDescriptor().columns())
                .extracting(column -> column.name())
                .doesNotContain("tags");

        SilverStage silver = lake.silver();
        source.update(PRODUCTS, product(1, 1), Map.of("name", "with tags"));
        source.cut();
        advance(silver);
        assertThat(lake.table("silver", "products").storageDescriptor().columns())
                .extracting(column -> column.name())
                .contains("tags");
        assertThat(silver(lake, PRODUCTS))
                .extracting(row -> row.get("tenant_id") + " " + row.get("tags"))
                .containsExactlyInAnyOrder("1 [\"new\", \"blue\"]", "2 null");

        source.load(PRODUCTS);
        advance(silver);
        assertSilverIsSource(lake, SourceTable.ALL);
    }

    private static SourceTable without(SourceTable table, String column) {
        return new SourceTable(
                table.name(),
                table.columns().stream()
                        .filter(other -> !other.name().equals(column))
                        .toList(),
                table.primaryKey(),
                table.tenantColumn(),
                table.monthColumn());
    }

    private static Source begin(TestLake lake) {
        Source source = lake.source();
        for (long tenant = 1; tenant <= 2; tenant++) {
            source.insert(TENANTS, tenant(tenant, "UTC"));
            source.insert(CUSTOMERS, customer(tenant, 1));
            source.insert(PRODUCTS, product(tenant, 1));
            source.insert(ORDERS, order(tenant, 1, "paid", "10.00", ORDERED_AT));
            source.insert(ORDERS, order(tenant, 2, "paid", "20.00", ORDERED_AT));
            source.insert(ORDER_ITEMS, item(tenant, 1, 1, 1, 2, "5.00"));
            source.insert(INVOICES, invoice(tenant, 1, 1));
        }
        return source;
    }

    /** The stage, once it holds the snapshot of what the source has now. */
    private static SilverStage afterSnapshot(TestLake lake) {
        lake.source().snapshot();
        SilverStage silver = lake.silver();
        advance(silver);
        return silver;
    }

    /** Puts the price where the source has it in another type as silver has it in its own. */
    private static void reprice(Source source, Object from, Object to) {
        source.rows(PRODUCTS).stream()
                .filter(row -> row.get("unit_price").equals(from))
                .forEach(row -> row.put("unit_price", to));
    }

    private static void advance(SilverStage silver) {
        while (silver.advance()) {}
    }

    private static void assertStopped(TestLake lake, String table, long epoch, String reason) {
        LayerPosition position = lake.position(Layer.SILVER);
        assertThat(position.stopped()).containsOnlyKeys(table);
        StoppedTable stopped = position.stopped().get(table);
        assertThat(stopped.epoch()).isEqualTo(epoch);
        assertThat(stopped.reason()).startsWith(reason).doesNotContain("\n");
        assertThat(stopped.remedy()).contains("cdc-ingest reload " + table).doesNotContain("\n");
    }

    /** The table that is stopped has the rows it had; every other one has those of the source. */
    private static void assertOnlyThisKeeps(TestLake lake, SourceTable stopped, List<Map<String, Object>> rows) {
        assertThat(silver(lake, stopped)).containsExactlyInAnyOrderElementsOf(rows);
        assertSilverIsSource(lake, allBut(stopped));
    }

    /** No table is stopped, and each has the rows of the source. */
    private static void assertAllFollow(TestLake lake) {
        assertThat(lake.position(Layer.SILVER).stopped()).isEmpty();
        assertSilverIsSource(lake, SourceTable.ALL);
    }

    private static List<SourceTable> allBut(SourceTable table) {
        return SourceTable.ALL.stream().filter(other -> !other.equals(table)).toList();
    }

    private static void assertSilverIsSource(TestLake lake, List<SourceTable> tables) {
        for (SourceTable table : tables) {
            assertThat(silver(lake, table))
                    .as(table.name())
                    .containsExactlyInAnyOrderElementsOf(lake.source().rows(table));
        }
    }

    private static List<Map<String, Object>> silver(TestLake lake, SourceTable table) {
        List<String> own = table.columns().stream().map(column -> column.name()).toList();
        List<Map<String, Object>> rows = copy(lake.rows(SilverTables.of(table)));
        rows.forEach(row -> row.keySet().retainAll(own));
        return rows;
    }

    private static List<Map<String, Object>> copy(Iterable<Map<String, Object>> rows) {
        List<Map<String, Object>> copies = new ArrayList<>();
        rows.forEach(row -> copies.add(new HashMap<>(row)));
        return copies;
    }
}
