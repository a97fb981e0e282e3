package dev.tenantlake.source.seed;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.SourceTable;
import dev.tenantlake.source.shop.CustomerTraits;
import dev.tenantlake.source.shop.PeopleNames.Person;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Optional;

/**
 * A customer.
 *
 * @param person who it is, unless the customer asked for that to be erased
 * @param birthDate if the customer told
 */
record Customer(
        Tenant tenant,
        long id,
        Optional<Person> person,
        String country,
        String segment,
        String acquiredVia,
        Optional<LocalDate> birthDate,
        long createdAt,
        long updatedAt)
        implements Row {

    Customer {
        requireNonNull(tenant, "tenant");
        requireNonNull(person, "person");
        requireNonNull(country, "country");
        requireNonNull(segment, "segment");
        requireNonNull(acquiredVia, "acquiredVia");
        requireNonNull(birthDate, "birthDate");
    }

    boolean buysOnAccount() {
        return CustomerTraits.buysOnAccount(segment);
    }

    @Override
    public SourceTable table() {
        return SourceTable.CUSTOMERS;
    }

    @Override
    public void copyTo(CopyText text) throws IOException {
        text.number(tenant.id())
                .number(id)
                .text(person.map(Person::email).orElse(null))
                .text(person.map(Person::name).orElse(null))
                .text(person.flatMap(Person::phone).orElse(null))
                .text(country)
                .text(segment)
                .text(acquiredVia)
                .text(birthDate.map(LocalDate::toString).orElse(null))
                .instant(createdAt)
                .instant(updatedAt);
    }
}
