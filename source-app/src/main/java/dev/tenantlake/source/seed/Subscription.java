package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.shop.SubscriptionPlan;
import java.io.IOException;
import java.util.OptionalLong;

/** A subscription, as it is when the history ends. */
record Subscription(
        long id,
        Customer customer,
        SubscriptionPlan plan,
        String status,
        long startedAt,
        OptionalLong cancelledAt,
        long changedAt)
        implements Row {

    Subscription {
        requireNonNull(customer, "customer");
        requireNonNull(plan, "plan");
        requireNonNull(status, "status");
        requireNonNull(cancelledAt, "cancelledAt");
    }

    @Override
    public SourceTable table() {
        return SourceTable.SUBSCRIPTIONS;
    }

    @Override
    public void copyTo(CopyText text) throws IOException {
        Tenant tenant = customer.tenant();
        text.number(tenant.id())
                .number(id)
                .number(customer.id())
                .text(plan.label())
                .text(status)
                .money(plan.monthlyPrice(tenant.market()))
                .instant(startedAt)
                .instant(cancelledAt)
                .instant(startedAt)
                .instant(changedAt);
    }
}
