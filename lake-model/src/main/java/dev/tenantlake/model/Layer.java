package dev.tenantlake.model;

import java.util.Locale;

/** A layer of the lake; each is a Glue database of its own. */
public enum Layer {
    /** Append-only Parquet: every change that the source committed. */
    BRONZE,
    /** Hudi: the latest state of each source table. */
    SILVER,
    /** Hudi: figures by subject. */
    GOLD;

    /** The name of the layer's Glue database, and of its folder in the bucket. */
    public String database() {
        return name().toLowerCase(Locale.ROOT);
    }
}
