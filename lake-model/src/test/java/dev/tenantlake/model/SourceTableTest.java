package dev.tenantlake.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SourceTableTest {

    @Test
    void everyTableHasItsKeyItsTenantAndItsMonthAmongItsColumns() {
        for (SourceTable table : SourceTable.ALL) {
            assertThat(table.columns().stream().map(SourceColumn::name))
                    .as(table.name())
                    .doesNotHaveDuplicates()
                    .containsAll(table.placementColumns())
                    .contains(table.tenantColumn(), "created_at", "updated_at");
        }
    }

    @Test
    void whatPlacesARowIsNeverNull() {
        for (SourceTable table : SourceTable.ALL) {
            assertThat(table.columns())
                    .as(table.name())
                    .filteredOn(column -> table.placementColumns().contains(column.name()))
                    .noneMatch(SourceColumn::nullable);
        }
    }

    @Test
    void onlyCustomersHoldPersonalData() {
        assertThat(SourceTable.CUSTOMERS.sensitiveColumns()).containsExactly("email", "name", "phone");
        assertThat(SourceTable.ALL)
                .filteredOn(table -> !table.sensitiveColumns().isEmpty())
                .containsExactly(SourceTable.CUSTOMERS);
    }

    @Test
    void allButTheTenantsArePartitionedByTenantAndBlockAndTheBigOnesByMonthToo() {
        assertThat(SourceTable.ALL)
                .filteredOn(
                        table -> table.partitionColumns().equals(java.util.List.of("tenant_id", "month", "id_block")))
                .extracting(SourceTable::name)
                .containsExactly("orders", "order_items", "events", "invoices");
        assertThat(SourceTable.TENANTS.partitionColumns()).isEmpty();
        assertThat(SourceTable.PRODUCTS.partitionColumns()).containsExactly("tenant_id", "id_block");
        assertThat(SourceTable.ORDERS.derivedColumns()).containsExactly("month", "id_block");
        assertThat(SourceTable.TENANTS.derivedColumns()).isEmpty();
    }
}
