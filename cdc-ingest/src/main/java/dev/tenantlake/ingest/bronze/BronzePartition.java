package dev.tenantlake.ingest.bronze;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.BronzeColumns;
import dev.tenantlake.model.LakeLayout;
import java.time.LocalDate;
import java.util.List;

/**
 * A partition of a bronze table.
 *
 * @param table the bronze table's name
 * @param day its {@code ingest_date}
 * @param block its {@code epoch_block}
 */
record BronzePartition(String table, LocalDate day, long block) {

    BronzePartition {
        requireNonNull(table, "table");
        requireNonNull(day, "day");
    }

    /** Its values in Glue. */
    List<String> values() {
        return List.of(day.toString(), Long.toString(block));
    }

    /** The prefix of the files that the epochs' manifests name. */
    String prefix() {
        return LakeLayout.bronzePartitionPrefix(table, day, block * BronzeColumns.EPOCHS_PER_BLOCK);
    }

    /** The prefix of the files with the same rows that queries read once the block is settled. */
    String settledPrefix() {
        return LakeLayout.settledPartitionPrefix(table, day, block * BronzeColumns.EPOCHS_PER_BLOCK);
    }
}
