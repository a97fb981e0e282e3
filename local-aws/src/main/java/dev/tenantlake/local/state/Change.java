package dev.tenantlake.local.state;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/** Puts and removals that are made together or not at all; see {@link Journal#change}. */
public final class Change {

    final List<Entry<?>> entries = new ArrayList<>();

    Change() {}

    /** Puts a value, in place of one that is there. */
    public <V> void put(JournaledMap<V> map, String key, V value) {
        entries.add(new Entry<>(map, requireNonNull(key, "key"), requireNonNull(value, "value")));
    }

    /** Removes a value if it is there. */
    public void remove(JournaledMap<?> map, String key) {
        if (map.contains(key)) {
            entries.add(new Entry<>(map, key, null));
        }
    }

    record Entry<V>(JournaledMap<V> map, String key, V value) {
        void apply() {
            map.apply(key, value);
        }
    }
}
