package dev.tenantlake.query.grants;

import dev.tenantlake.model.Principal;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the things are named and marked that a tenant's analyst is given, and how they are recognised. A name alone makes
 * nothing ours: roles and workgroups carry a description that says so, and what does not is never touched. Data cells
 * filters have no description; theirs are names in the databases of the lake.
 */
final class AnalystNames {

    static final String ROLE_PREFIX = new Principal.Analyst("x").roleName().replaceFirst("x$", "");
    static final String WORKGROUP_PREFIX =
            new Principal.Analyst("x").workgroup().replaceFirst("x$", "");
    private static final String FILTER_PREFIX = "tenantlake_";
    private static final Pattern MARK = Pattern.compile("Made by Tenantlake for the analyst of tenant (\\d{1,18})");

    private AnalystNames() {}

    /** The description of a role or a workgroup of this tenant. */
    static String mark(long tenantId) {
        return "Made by Tenantlake for the analyst of tenant " + tenantId;
    }

    /** The tenant for whom the thing with this description was made; empty if it is not ours. */
    static OptionalLong markedTenant(String description) {
        Matcher mark = MARK.matcher(description == null ? "" : description);
        return mark.matches() ? OptionalLong.of(Long.parseLong(mark.group(1))) : OptionalLong.empty();
    }

    /** The name of the filter through which a tenant's analyst sees a table. */
    static String filter(String slug, String table) {
        return FILTER_PREFIX + slug.replace('-', '_') + "_" + table;
    }

    /** The slug in the name of a table's filter; empty if that is not the name of one of ours. */
    static Optional<String> slugOfFilter(String filter, String table) {
        String suffix = "_" + table;
        if (!filter.startsWith(FILTER_PREFIX)
                || !filter.endsWith(suffix)
                || filter.length() <= FILTER_PREFIX.length() + suffix.length()) {
            return Optional.empty();
        }
        return Optional.of(filter.substring(FILTER_PREFIX.length(), filter.length() - suffix.length())
                .replace('_', '-'));
    }
}
