package dev.tenantlake.local.engine;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.engine.TableAccess.CellsFilter;
import dev.tenantlake.local.predicate.InvalidPredicateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a principal may do in Trino. What is not named here is not allowed.
 *
 * <p>A grant is a matter of schema and table alone: Trino asks about a Hudi table in the catalog that it sends such
 * tables to, and about any other in the catalog that Athena shows, and neither is a way round the other.
 */
final class AccessPolicy {

    /**
     * As whom Trino evaluates filters and masks, since they may need columns that the one who asks is not granted. No
     * statement is ever run as this: it is no ARN, which all principals are known by.
     */
    static final String FILTER_OWNER = "tenantlake-row-filters";

    private static final String INFORMATION_SCHEMA = "information_schema";
    /** What tells only of schemas, tables and columns, each of which is asked about by itself. */
    private static final Set<String> DESCRIPTIONS = Set.of("columns", "schemata", "tables");
    /** Lets no row pass. */
    private static final String NOTHING = "false";

    private static final Logger LOG = LoggerFactory.getLogger(AccessPolicy.class);

    private final TableAccess access;
    private final String catalog;
    private final String hudiCatalog;

    /**
     * @param access what is granted
     * @param catalog the catalog that queries name
     * @param hudiCatalog the catalog that Trino reads its Hudi tables through
     */
    AccessPolicy(TableAccess access, String catalog, String hudiCatalog) {
        this.access = requireNonNull(access, "access");
        this.catalog = requireNonNull(catalog, "catalog");
        this.hudiCatalog = requireNonNull(hudiCatalog, "hudiCatalog");
    }

    /**
     * A thing in a catalog that Trino asks about; what it does not name is empty text.
     *
     * @param columns of the table, those that are asked about
     */
    record Resource(String catalog, String schema, String table, List<String> columns) {
        Resource {
            catalog = catalog.toLowerCase(Locale.ROOT);
            schema = schema.toLowerCase(Locale.ROOT);
            table = table.toLowerCase(Locale.ROOT);
            columns = List.copyOf(columns);
        }
    }

    /** Whether the principal may do that to it. */
    boolean allows(String principal, String operation, Resource resource) {
        if (access.isAdministrator(principal)) {
            return allowsAdministrator(operation);
        }
        if (principal.equals(FILTER_OWNER)) {
            return isLake(resource) && (operation.equals("AccessCatalog") || operation.equals("SelectFromColumns"));
        }
        return switch (operation) {
            case "ExecuteQuery" -> true;
            case "AccessCatalog" -> isLake(resource);
            // Named by a statement, which tells it from a table that Trino has sent there.
            case "ShowSchemas" -> resource.catalog().equals(catalog);
            case "ShowTables" -> resource.catalog().equals(catalog) && seesSchema(principal, resource);
            case "ShowColumns" -> seesTable(principal, resource);
            case "SelectFromColumns" -> selects(principal, resource);
            default -> false;
        };
    }

    /** An administrator does all but act as another, and read through a view what its owner may read. */
    private static boolean allowsAdministrator(String operation) {
        return !operation.equals("ImpersonateUser") && !operation.equals("CreateViewWithSelectFromColumns");
    }

    /** The indexes of those that the principal may know of. */
    List<Integer> filter(String principal, String operation, List<Resource> resources) {
        boolean administrator = access.isAdministrator(principal);
        List<Integer> visible = new ArrayList<>();
        for (int i = 0; i < resources.size(); i++) {
            Resource resource = resources.get(i);
            boolean sees = switch (operation) {
                // Asked about alone for a table in it; with others, to list them.
                case "FilterCatalogs" ->
                    administrator
                            ? !isHidden(resource) || resources.size() == 1
                            : isLake(resource) && (!isHidden(resource) || resources.size() == 1);
                case "FilterSchemas" -> administrator || isLake(resource) && seesSchema(principal, resource);
                case "FilterTables" -> administrator || seesTable(principal, resource);
                default -> administrator;
            };
            if (sees) {
                visible.add(i);
            }
        }
        return visible;
    }

    /** The indexes of the table's columns that the principal may know of. */
    List<Integer> filterColumns(String principal, Resource table) {
        boolean all = access.isAdministrator(principal) || isDescription(table);
        List<CellsFilter> filters = all ? List.of() : filters(principal, table);
        List<Integer> visible = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            if (all || grants(filters, table.columns().get(i))) {
                visible.add(i);
            }
        }
        return visible;
    }

    /** The expression that a row of the table must satisfy for the principal to see it, or empty if all are seen. */
    Optional<String> rowFilter(String principal, Resource table) {
        if (access.isAdministrator(principal) || isDescription(table)) {
            return Optional.empty();
        }
        List<String> expressions = new ArrayList<>();
        for (CellsFilter filter : filters(principal, table)) {
            if (filter.rows().isEmpty()) {
                return Optional.empty();
            }
            expressions.add(expression(filter));
        }
        return Optional.of(expressions.isEmpty() ? NOTHING : String.join(" OR ", expressions));
    }

    /**
     * The expression that stands for a column of the table, or empty if the column does. It is null where none of the
     * filters that pass the row grants the column.
     *
     * <p>It also stands between a row that is held back and the query: Trino is free to evaluate a query's own
     * condition before a row filter, and an error in it would tell what is in the row. Only a filter that is a range
     * of values is certain to come first.
     */
    Optional<String> mask(String principal, Resource table, String column) {
        if (access.isAdministrator(principal) || isDescription(table)) {
            return Optional.empty();
        }
        List<CellsFilter> filters = filters(principal, table);
        if (filters.size() == 1 && isRange(filters.get(0))) {
            return Optional.empty();
        }
        List<String> expressions = new ArrayList<>();
        for (CellsFilter filter : filters) {
            if (grants(List.of(filter), column)) {
                if (filter.rows().isEmpty()) {
                    return Optional.empty();
                }
                expressions.add(expression(filter));
            }
        }
        String condition = expressions.isEmpty() ? NOTHING : String.join(" OR ", expressions);
        return Optional.of("CASE WHEN " + condition + " THEN " + TrinoPredicate.name(column) + " END");
    }

    private boolean selects(String principal, Resource table) {
        if (isDescription(table)) {
            return true;
        }
        List<CellsFilter> filters = filters(principal, table);
        return !filters.isEmpty() && table.columns().stream().allMatch(column -> grants(filters, column));
    }

    private boolean seesTable(String principal, Resource table) {
        return isDescription(table) || !filters(principal, table).isEmpty();
    }

    private boolean seesSchema(String principal, Resource schema) {
        return schema.schema().equals(INFORMATION_SCHEMA) || access.readsAnyOf(principal, schema.schema());
    }

    private List<CellsFilter> filters(String principal, Resource table) {
        // What has a $ in its name is made from the whole of a table, its timeline or its partitions.
        if (!isLake(table)
                || table.schema().equals(INFORMATION_SCHEMA)
                || table.table().contains("$")) {
            return List.of();
        }
        return access.filtersOn(principal, table.schema(), table.table());
    }

    private boolean isLake(Resource resource) {
        return resource.catalog().equals(catalog) || isHidden(resource);
    }

    private boolean isHidden(Resource resource) {
        return resource.catalog().equals(hudiCatalog);
    }

    private boolean isDescription(Resource table) {
        return isLake(table) && table.schema().equals(INFORMATION_SCHEMA) && DESCRIPTIONS.contains(table.table());
    }

    private static boolean grants(List<CellsFilter> filters, String column) {
        return filters.stream()
                .flatMap(filter -> filter.columns().stream())
                .anyMatch(granted -> granted.equalsIgnoreCase(column));
    }

    private static boolean isRange(CellsFilter filter) {
        return filter.rows().isEmpty()
                || predicate(filter).map(TrinoPredicate::isRange).orElse(false);
    }

    private static String expression(CellsFilter filter) {
        return predicate(filter).map(TrinoPredicate::sql).orElse(NOTHING);
    }

    private static Optional<TrinoPredicate> predicate(CellsFilter filter) {
        try {
            return filter.rows().map(TrinoPredicate::of);
        } catch (InvalidPredicateException e) {
            LOG.warn("event=row_filter_unreadable message=\"{}\"", e.getMessage());
            return Optional.empty();
        }
    }
}
