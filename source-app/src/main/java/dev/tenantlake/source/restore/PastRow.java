package dev.tenantlake.source.restore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A row of a source table as it was.
 *
 * @param epoch the one that it had last changed in by then
 * @param values as text, null for null, in the order of the table's columns: numbers and dates as in SQL, an instant as
 *     {@code yyyy-MM-dd HH:mm:ss.SSSSSS} in UTC, an array as JSON
 */
record PastRow(long epoch, List<String> values) {

    PastRow {
        // Not List.copyOf: a value may be null.
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }
}
