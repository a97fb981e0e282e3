package dev.tenantlake.etl.hudi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Maps that hold so many entries at most; those go first that nobody asked for the longest. */
final class RecentMap {

    private RecentMap() {}

    /** An empty map, for any number of threads. */
    static <K, V> Map<K, V> of(int most) {
        return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        });
    }
}
