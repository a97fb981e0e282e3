package dev.tenantlake.local.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A map, sorted by key, whose content a {@link Journal} keeps. It is changed through the journal and may be read by any
 * thread. Its values are immutable, or to be treated as such.
 */
public final class JournaledMap<V> {

    private final String name;
    private final ConcurrentSkipListMap<String, V> entries = new ConcurrentSkipListMap<>();

    JournaledMap(String name) {
        this.name = name;
    }

    public Optional<V> get(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    public boolean contains(String key) {
        return entries.containsKey(key);
    }

    /** All values, in the order of their keys. */
    public List<V> values() {
        return new ArrayList<>(entries.values());
    }

    /** The values whose keys begin so, in the order of their keys. */
    public List<V> valuesUnder(String prefix) {
        return new ArrayList<>(under(prefix).values());
    }

    /** The keys that begin so, in order. */
    public List<String> keysUnder(String prefix) {
        return new ArrayList<>(under(prefix).keySet());
    }

    private Map<String, V> under(String prefix) {
        return entries.subMap(prefix, true, prefix + Character.MAX_VALUE, true);
    }

    public int size() {
        return entries.size();
    }

    String name() {
        return name;
    }

    List<String> keys() {
        return new ArrayList<>(entries.keySet());
    }

    void apply(String key, V value) {
        if (value == null) {
            entries.remove(key);
        } else {
            entries.put(key, value);
        }
    }
}
