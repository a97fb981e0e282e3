package dev.tenantlake.source.restore;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a restore does to one row.
 *
 * @param kind what
 * @param key the values of its primary key, by column
 * @param now the values that go, by column: of a row that is updated only those that change, of one that comes back none
 * @param then the values that come: of a row that is updated only those that change, of one that goes none
 */
record RowChange(Kind kind, Map<String, JsonNode> key, Map<String, JsonNode> now, Map<String, JsonNode> then) {

    RowChange {
        requireNonNull(kind, "kind");
        // Not Map.copyOf: the order of the columns is the table's.
        key = Collections.unmodifiableMap(new LinkedHashMap<>(key));
        now = Collections.unmodifiableMap(new LinkedHashMap<>(now));
        then = Collections.unmodifiableMap(new LinkedHashMap<>(then));
    }

    /** What becomes of a row. */
    enum Kind {
        /** It was there then, and is gone: it comes back. */
        INSERT,
        /** It has other values than it had then: it gets those back. */
        UPDATE,
        /** It was not there then: it goes. */
        DELETE;

        /** As it stands in a result, and in SQL. */
        @JsonValue
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
