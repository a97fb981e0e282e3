package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A product; amounts are in hundredths of the tenant's currency.
 *
 * @param popularity how often it is looked at and bought, in relation to the tenant's other products
 * @param tags what the shop says of it, if it says anything at all
 * @param retiredAt since when it is no longer sold, if it is not
 */
record Product(
        Tenant tenant,
        long id,
        String sku,
        String name,
        String category,
        long unitPrice,
        long unitCost,
        int stockQuantity,
        double popularity,
        Optional<List<String>> tags,
        long createdAt,
        long updatedAt,
        OptionalLong retiredAt)
        implements Row {

    Product {
        requireNonNull(tenant, "tenant");
        requireNonNull(sku, "sku");
        requireNonNull(name, "name");
        requireNonNull(category, "category");
        requireNonNull(tags, "tags");
        requireNonNull(retiredAt, "retiredAt");
    }

    boolean soldAt(long at) {
        return createdAt <= at && (retiredAt.isEmpty() || at < retiredAt.getAsLong());
    }

    @Override
    public SourceTable table() {
        return SourceTable.PRODUCTS;
    }

    @Override
    public void copyTo(CopyText text) throws IOException {
        text.number(tenant.id())
                .number(id)
                .text(sku)
                .text(name)
                .text(category)
                .money(unitPrice)
                .money(unitCost)
                .number(stockQuantity)
                .flag(retiredAt.isEmpty())
                .texts(tags.orElse(null))
                .instant(createdAt)
                .instant(updatedAt);
    }
}
