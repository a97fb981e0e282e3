package dev.tenantlake.parquet;

import java.util.Arrays;

/** The entries of a dictionary, numbered from 0, by a hash of their values: open addressing, the next slot if one is taken. */
final class EntryIndex {

    /** In each slot the number of an entry and one; 0 for none. Its length is a power of two, twice that of the hashes. */
    private int[] slots = new int[16];
    /** Of each entry. */
    private int[] hashes = new int[8];

    private int count;

    int count() {
        return count;
    }

    /** The slot to look at first. */
    int first(int hash) {
        return hash & slots.length - 1;
    }

    /** The slot to look at after another. */
    int next(int slot) {
        return slot + 1 & slots.length - 1;
    }

    /** The entry in a slot; -1 if it is free. */
    int entry(int slot) {
        return slots[slot] - 1;
    }

    int hash(int entry) {
        return hashes[entry];
    }

    /**
     * Adds the next entry.
     *
     * @param slot the free one that the search ended at
     * @return its number
     */
    int add(int slot, int hash) {
        hashes[count] = hash;
        slots[slot] = ++count;
        if (count == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * count);
            slots = new int[2 * slots.length];
            fill();
        }
        return count - 1;
    }

    /** Forgets all but the first entries. */
    void truncate(int first) {
        count = first;
        Arrays.fill(slots, 0);
        fill();
    }

    private void fill() {
        for (int entry = 0; entry < count; entry++) {
            int slot = first(hashes[entry]);
            while (slots[slot] != 0) {
                slot = next(slot);
            }
            slots[slot] = entry + 1;
        }
    }
}
