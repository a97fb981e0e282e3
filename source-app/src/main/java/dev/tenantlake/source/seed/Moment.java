package dev.tenantlake.source.seed;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Something that happens at one of the tenants, at a time in microseconds since the Unix epoch. */
record Moment(long micros, Tenant tenant) {

    /**
     * What happens at all tenants, in the order of time: the order in which one database that serves all of them would
     * number its rows.
     */
    static List<Moment> inOrder(List<Tenant> tenants, Function<Tenant, long[]> times) {
        List<Moment> moments = new ArrayList<>();
        for (Tenant tenant : tenants) {
            for (long time : times.apply(tenant)) {
                moments.add(new Moment(time, tenant));
            }
        }
        moments.sort(Comparator.comparingLong(Moment::micros)
                .thenComparing(moment -> moment.tenant().id()));
        return moments;
    }
}
