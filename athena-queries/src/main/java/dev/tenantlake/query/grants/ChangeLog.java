package dev.tenantlake.query.grants;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects what is changed, and counts what was as it should be. Not for use by several threads at once. */
final class ChangeLog {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);

    private final List<Change> changes = new ArrayList<>();
    private int kept;

    /** Notes a change that has been made. */
    void changed(Change.Action action, Change.Kind kind, String name) {
        changes.add(new Change(action, kind, name));
        LOG.debug("event=grants_changed action={} kind={} name={}", action, kind, name);
    }

    /** Notes that something was as it should be. */
    void kept() {
        kept++;
    }

    List<Change> changes() {
        return List.copyOf(changes);
    }

    int keptSoFar() {
        return kept;
    }
}
