package dev.tenantlake.local.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Grants that a test makes. */
final class InMemoryAccess implements TableAccess {

    static final String ADMINISTRATOR = "arn:aws:iam::000000000000:user/admin";

    private final AtomicReference<Map<String, List<CellsFilter>>> grants = new AtomicReference<>(Map.of());

    /** Grants a filter, beside those that are granted. */
    InMemoryAccess grant(String principal, String table, String rows, String... columns) {
        Map<String, List<CellsFilter>> next = new HashMap<>(grants.get());
        List<CellsFilter> filters = new ArrayList<>(next.getOrDefault(principal + "/" + table, List.of()));
        filters.add(new CellsFilter(Optional.ofNullable(rows), Set.of(columns)));
        next.put(principal + "/" + table, List.copyOf(filters));
        grants.set(Map.copyOf(next));
        return this;
    }

    @Override
    public boolean isAdministrator(String principalArn) {
        return principalArn.equals(ADMINISTRATOR);
    }

    @Override
    public List<CellsFilter> filtersOn(String principalArn, String database, String table) {
        return grants.get().getOrDefault(principalArn + "/" + database + "." + table, List.of());
    }

    @Override
    public boolean readsAnyOf(String principalArn, String database) {
        return grants.get().keySet().stream().anyMatch(key -> key.startsWith(principalArn + "/" + database + "."));
    }
}
