package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.shop.Assortment.Category;
import dev.tenantlake.source.shop.Market;
import java.io.IOException;
import java.util.List;

/**
 * A tenant.
 *
 * @param categories of the goods that it sells
 * @param size how much of all customers and orders is this tenant's, in relation to the others
 * @param calendar when its customers come
 */
record Tenant(
        long id,
        String slug,
        String name,
        String plan,
        Market market,
        List<Category> categories,
        double size,
        TradingCalendar calendar,
        long createdAt,
        long updatedAt)
        implements Row {

    Tenant {
        requireNonNull(slug, "slug");
        requireNonNull(name, "name");
        requireNonNull(plan, "plan");
        requireNonNull(market, "market");
        categories = List.copyOf(categories);
        requireNonNull(calendar, "calendar");
    }

    /** The tenant's place in the list of all tenants. */
    int index() {
        return (int) id - 1;
    }

    @Override
    public SourceTable table() {
        return SourceTable.TENANTS;
    }

    @Override
    public void copyTo(CopyText text) throws IOException {
        text.number(id)
                .text(slug)
                .text(name)
                .text(plan)
                .text(market.country())
                .text(market.currency())
                .text(market.timeZone().getId())
                .instant(createdAt)
                .instant(updatedAt);
    }
}
