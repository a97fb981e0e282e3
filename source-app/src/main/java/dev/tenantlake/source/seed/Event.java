package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.shop.Visit.Step;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Something that a visitor did.
 *
 * @param customerId who it was, if the shop knew it by then
 */
record Event(long id, Tenant tenant, OptionalLong customerId, UUID session, Step step, long occurredAt) implements Row {

    Event {
        requireNonNull(tenant, "tenant");
        requireNonNull(customerId, "customerId");
        requireNonNull(session, "session");
        requireNonNull(step, "step");
    }

    @Override
    public SourceTable table() {
        return SourceTable.EVENTS;
    }

    @Override
    public void copyTo(CopyText text) throws IOException {
        text.number(tenant.id())
                .number(id)
                .number(customerId)
                .text(session.toString())
                .text(step.type().label())
                .number(step.productId())
                .text(step.properties())
                .instant(occurredAt)
                .instant(occurredAt)
                .instant(occurredAt);
    }
}
