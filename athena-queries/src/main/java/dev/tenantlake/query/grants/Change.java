package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Something that was changed to bring the grants in step.
 *
 * @param action what was done
 * @param kind to what kind of thing
 * @param name which of them
 */
record Change(Action action, Kind kind, String name) {

    Change {
        requireNonNull(action, "action");
        requireNonNull(kind, "kind");
        requireNonNull(name, "name");
    }

    enum Action {
        CREATED,
        UPDATED,
        REMOVED;

        @Override
        @JsonValue
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    enum Kind {
        ROLE,
        POLICY,
        WORKGROUP,
        STATEMENT,
        FILTER,
        GRANT,
        RESULTS;

        @Override
        @JsonValue
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String toString() {
        return action + " " + kind + " " + name;
    }
}
