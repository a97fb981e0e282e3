package dev.tenantlake.model;

import java.util.Objects;
import java.util.regex.Pattern;

/** Who asks: the lake's administrator, or the analyst of one tenant. */
public sealed interface Principal {

    /** Owns the whole lake: sees every row of every tenant. */
    record Admin() implements Principal {
        @Override
        public String workgroup() {
            return "tenantlake";
        }

        @Override
        public String toString() {
            return "admin";
        }
    }

    /**
     * Sees the rows of one tenant, without the sensitive columns.
     *
     * @param slug the tenant's slug
     */
    record Analyst(String slug) implements Principal {

        private static final Pattern SLUG = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
        // An IAM role's name has at most 64 characters.
        private static final int LONGEST = 40;

        public Analyst {
            Objects.requireNonNull(slug, "slug");
            if (slug.length() > LONGEST || !SLUG.matcher(slug).matches()) {
                throw new LakeException(
                        LakeException.Kind.WRONG_USAGE,
                        "'" + slug + "' is not a tenant's slug: expected up to " + LONGEST
                                + " lower-case letters, digits and single hyphens, such as acme-tools");
            }
        }

        /** The name of the analyst's IAM role. */
        public String roleName() {
            return "tenantlake-analyst-" + slug;
        }

        @Override
        public String workgroup() {
            return "tenantlake-" + slug;
        }

        @Override
        public String toString() {
            return "analyst:" + slug;
        }
    }

    /** The name of the one Athena workgroup that the principal uses. */
    String workgroup();

    /**
     * Reads {@code admin} or {@code analyst:SLUG}.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if it is neither
     */
    static Principal parse(String text) {
        if (text.equals("admin")) {
            return new Admin();
        }
        if (text.startsWith("analyst:")) {
            return new Analyst(text.substring("analyst:".length()));
        }
        throw new LakeException(
                LakeException.Kind.WRONG_USAGE,
                "'" + text + "' is not a principal: expected admin, or analyst:SLUG with a tenant's slug");
    }
}
