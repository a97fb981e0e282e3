package dev.tenantlake.ingest.stream;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.bronze.BronzeNames;
import dev.tenantlake.ingest.bronze.FileSchema;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which tables the lake carries since a load, and of which the changes are passed over because something is wrong with
 * them. A table that is passed over is carried no more, and comes back with a load of it; the other tables go on. Not for
 * use by several threads at once.
 */
final class CarriedTables {

    private static final Logger LOG = LoggerFactory.getLogger(CarriedTables.class);

    private final Set<String> carried;
    private final Set<String> dropped = new HashSet<>();
    /** By qualified name, why. */
    private final Map<String, String> refused = new HashMap<>();
    /** By name in the lake, the qualified name of the table whose rows come under it. */
    private final Map<String, String> owners = new HashMap<>();

    /** @param loaded the names of those that the lake's last epoch carries */
    CarriedTables(Set<String> loaded) {
        this.carried = new TreeSet<>(requireNonNull(loaded, "loaded"));
    }

    /** The names of those that are carried since a load. */
    Set<String> names() {
        return Set.copyOf(carried);
    }

    /** Looks at a table, or at a new form of it, before its first row. */
    void meet(String qualifiedName, FileSchema schema) {
        String owner = owners.putIfAbsent(schema.table(), qualifiedName);
        if (owner != null && !owner.equals(qualifiedName)) {
            refuse(qualifiedName, schema.table(), "table " + owner + " has the same name in the lake");
        }
        BronzeNames.fault(
                        schema.table(),
                        schema.columns().stream().map(FileSchema.Column::name).toList())
                .map(fault -> "it has " + fault.found() + "; expected " + fault.expected())
                .ifPresent(refusing(qualifiedName, schema.table()));
        if (!carried.contains(schema.table()) && !refused.containsKey(qualifiedName)) {
            LOG.info(
                    "event=table_without_load table={} note=\"its changes are carried; it is loaded soon\"",
                    schema.table());
        }
    }

    boolean isRefused(String qualifiedName) {
        return !refused.isEmpty() && refused.containsKey(qualifiedName);
    }

    /** What to do with a reason. */
    Consumer<String> refusing(String qualifiedName, String table) {
        return reason -> refuse(qualifiedName, table, reason);
    }

    /** From now on the table's changes are passed over. */
    void refuse(String qualifiedName, String table, String reason) {
        if (refused.putIfAbsent(qualifiedName, reason) == null) {
            drop(table, reason);
        }
    }

    /** The table is carried no more. */
    void drop(String table, String reason) {
        if (carried.remove(table)) {
            dropped.add(table);
            LOG.warn(
                    "event=table_not_carried table={} reason=\"{}\" note=\"the lake keeps what it has of it, the other"
                            + " tables go on; when it is fit again it is loaded anew, and what it was in between is"
                            + " not in bronze\"",
                    table,
                    reason);
        }
    }

    /** Tables were loaded. */
    void loaded(Map<String, String> namesByQualifiedName) {
        namesByQualifiedName.forEach((qualifiedName, table) -> {
            refused.remove(qualifiedName);
            owners.put(table, qualifiedName);
            carried.add(table);
            dropped.remove(table);
        });
    }

    boolean hasDropped() {
        return !dropped.isEmpty();
    }

    /** Those that were dropped since this was asked last. */
    Set<String> takeDropped() {
        Set<String> taken = Set.copyOf(dropped);
        dropped.clear();
        return taken;
    }
}
