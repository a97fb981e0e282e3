package dev.tenantlake.model;

import static dev.tenantlake.model.ColumnType.BIGINT;
import static dev.tenantlake.model.ColumnType.BOOLEAN;
import static dev.tenantlake.model.ColumnType.DATE;
import static dev.tenantlake.model.ColumnType.INSTANT;
import static dev.tenantlake.model.ColumnType.INTEGER;
import static dev.tenantlake.model.ColumnType.JSON;
import static dev.tenantlake.model.ColumnType.MONEY;
import static dev.tenantlake.model.ColumnType.TEXT;
import static dev.tenantlake.model.ColumnType.TEXT_ARRAY;
import static dev.tenantlake.model.SourceColumn.optional;
import static dev.tenantlake.model.SourceColumn.personal;
import static dev.tenantlake.model.SourceColumn.required;
import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A table of the source, schema {@value #SCHEMA}: its columns, its key, and how its silver table is partitioned: by tenant,
 * if there are many rows of each month by {@link #MONTH_PARTITION}, and by {@link #ID_BLOCK_PARTITION}.
 *
 * @param name the table's name, the same in every layer
 * @param columns in the order of the source
 * @param primaryKey the names of the key's columns: the record key of the silver table
 * @param tenantColumn the column that says whose row it is: {@code tenant_id}, in {@code tenants} its own {@code id}
 * @param monthColumn the instant whose UTC month is a partition column of a big table; it says when the thing that the row
 *     stands for came about
 */
public record SourceTable(
        String name,
        List<SourceColumn> columns,
        List<String> primaryKey,
        String tenantColumn,
        Optional<String> monthColumn) {

    /** The Postgres schema of the source tables. */
    public static final String SCHEMA = "shop";
    /** The first partition column of every silver table but {@code tenants}. */
    public static final String TENANT_PARTITION = "tenant_id";
    /** A partition column of the big silver tables: {@code yyyy-MM} in UTC. */
    public static final String MONTH_PARTITION = "month";
    /** The last partition column of every silver table but {@code tenants}: {@code id} divided by {@link #ROWS_PER_BLOCK}. */
    public static final String ID_BLOCK_PARTITION = "id_block";
    /**
     * How many ids of a table lie in one block, over all tenants. A table's ids are one ascending sequence, so its changes
     * fall mostly into the last block or two, and these are all that a commit rewrites, however many rows there are.
     */
    public static final long ROWS_PER_BLOCK = 65_536;

    public static final SourceTable TENANTS = new SourceTable(
            "tenants",
            stamped(
                    required("id", BIGINT),
                    required("slug", TEXT),
                    required("name", TEXT),
                    required("plan", TEXT),
                    required("country", TEXT),
                    required("currency", TEXT),
                    required("time_zone", TEXT)),
            List.of("id"),
            "id",
            Optional.empty());

    public static final SourceTable CUSTOMERS = ofTenant(
            "customers",
            null,
            personal("email"),
            personal("name"),
            personal("phone"),
            required("country", TEXT),
            required("segment", TEXT),
            required("acquired_via", TEXT),
            optional("birth_date", DATE));

    public static final SourceTable PRODUCTS = ofTenant(
            "products",
            null,
            required("sku", TEXT),
            required("name", TEXT),
            required("category", TEXT),
            required("unit_price", MONEY),
            required("unit_cost", MONEY),
            required("stock_quantity", INTEGER),
            required("active", BOOLEAN),
            optional("tags", TEXT_ARRAY));

    public static final SourceTable ORDERS = ofTenant(
            "orders",
            "ordered_at",
            required("customer_id", BIGINT),
            required("status", TEXT),
            required("currency", TEXT),
            required("total_amount", MONEY),
            required("ordered_at", INSTANT));

    public static final SourceTable ORDER_ITEMS = ofTenant(
            "order_items",
            "created_at",
            required("order_id", BIGINT),
            required("product_id", BIGINT),
            required("quantity", INTEGER),
            required("unit_price", MONEY),
            required("discount_amount", MONEY));

    public static final SourceTable EVENTS = ofTenant(
            "events",
            "occurred_at",
            optional("customer_id", BIGINT),
            required("session_id", ColumnType.UUID),
            required("event_type", TEXT),
            optional("product_id", BIGINT),
            required("properties", JSON),
            required("occurred_at", INSTANT));

    public static final SourceTable SUBSCRIPTIONS = ofTenant(
            "subscriptions",
            null,
            required("customer_id", BIGINT),
            required("plan", TEXT),
            required("status", TEXT),
            required("monthly_amount", MONEY),
            required("started_at", INSTANT),
            optional("cancelled_at", INSTANT));

    public static final SourceTable INVOICES = ofTenant(
            "invoices",
            "issued_at",
            required("customer_id", BIGINT),
            optional("order_id", BIGINT),
            optional("subscription_id", BIGINT),
            required("status", TEXT),
            required("amount", MONEY),
            required("issued_at", INSTANT),
            required("due_at", INSTANT),
            optional("paid_at", INSTANT));

    /** Every source table, a table after those that its foreign keys point to. */
    public static final List<SourceTable> ALL =
            List.of(TENANTS, CUSTOMERS, PRODUCTS, ORDERS, ORDER_ITEMS, EVENTS, SUBSCRIPTIONS, INVOICES);

    public SourceTable {
        requireNonNull(name, "name");
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        requireNonNull(tenantColumn, "tenantColumn");
        requireNonNull(monthColumn, "monthColumn");
    }

    /** The table of that name, or empty if the lake does not know it. */
    public static Optional<SourceTable> named(String name) {
        return ALL.stream().filter(table -> table.name().equals(name)).findFirst();
    }

    /** {@code shop.<name>}. */
    public String qualifiedName() {
        return SCHEMA + "." + name;
    }

    /** The names of the silver table's partition columns, outermost first; empty for {@code tenants}. */
    public List<String> partitionColumns() {
        if (!tenantColumn.equals(TENANT_PARTITION)) {
            return List.of();
        }
        return monthColumn.isPresent()
                ? List.of(TENANT_PARTITION, MONTH_PARTITION, ID_BLOCK_PARTITION)
                : List.of(TENANT_PARTITION, ID_BLOCK_PARTITION);
    }

    /** Those of the {@link #partitionColumns()} that are none of the source's: they are derived of its columns. */
    public List<String> derivedColumns() {
        return partitionColumns().stream()
                .filter(name ->
                        columns.stream().noneMatch(column -> column.name().equals(name)))
                .toList();
    }

    /**
     * The columns that say where in the lake a row lies: its key and what its partition comes from. An update that
     * changes one of them moves the row, and bronze holds it as a delete of the before-image and a create of the
     * after-image. A block of ids comes from the key.
     */
    public Set<String> placementColumns() {
        Set<String> placement = new LinkedHashSet<>(primaryKey);
        monthColumn.ifPresent(placement::add);
        return placement;
    }

    /** The names of the columns that are left out of what an analyst is granted. */
    public List<String> sensitiveColumns() {
        return columns.stream()
                .filter(SourceColumn::sensitive)
                .map(SourceColumn::name)
                .toList();
    }

    private static SourceTable ofTenant(String name, String monthColumn, SourceColumn... own) {
        List<SourceColumn> columns = new ArrayList<>();
        columns.add(required(TENANT_PARTITION, BIGINT));
        columns.add(required("id", BIGINT));
        columns.addAll(stamped(own));
        return new SourceTable(
                name, columns, List.of(TENANT_PARTITION, "id"), TENANT_PARTITION, Optional.ofNullable(monthColumn));
    }

    private static List<SourceColumn> stamped(SourceColumn... own) {
        return Stream.concat(
                        Stream.of(own), Stream.of(required("created_at", INSTANT), required("updated_at", INSTANT)))
                .toList();
    }
}
