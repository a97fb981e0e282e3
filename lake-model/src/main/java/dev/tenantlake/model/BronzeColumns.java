package dev.tenantlake.model;

import dev.tenantlake.model.EpochManifest.BronzeColumn;
import java.util.List;

/** The columns that bronze adds to those of the source, after them and in this order. */
public final class BronzeColumns {

    /** {@code r} read by the snapshot, {@code c} create, {@code u} update, {@code d} delete, {@code t} truncate. */
    public static final String OP = "_op";
    /** The LSN at which the row's transaction ends; of a snapshot, the slot's consistent point. */
    public static final String LSN = "_lsn";
    /** The transaction's id; 0 for a snapshot. */
    public static final String TX_ID = "_tx_id";
    /** A strict total order, over all tables, within an epoch, from 0. */
    public static final String ORDINAL = "_ordinal";
    /** When the row's transaction was committed, by the source's clock. */
    public static final String COMMITTED_AT = "_committed_at";
    /** The epoch's number. */
    public static final String EPOCH = "_epoch";

    public static final List<BronzeColumn> ALL = List.of(
            new BronzeColumn(OP, "string"),
            new BronzeColumn(LSN, "bigint"),
            new BronzeColumn(TX_ID, "bigint"),
            new BronzeColumn(ORDINAL, "bigint"),
            new BronzeColumn(COMMITTED_AT, "timestamp"),
            new BronzeColumn(EPOCH, "bigint"));

    /** The first partition column of every bronze table: the UTC day on which the epoch was cut, {@code yyyy-MM-dd}. */
    public static final String INGEST_DATE = "ingest_date";

    /**
     * The second one: the epoch divided by {@link #EPOCHS_PER_BLOCK}. Who asks for what came lately reads the files of
     * the last block or two, however many a day has.
     */
    public static final String EPOCH_BLOCK = "epoch_block";

    /** A little more than four minutes of a source that changes all the time. */
    public static final long EPOCHS_PER_BLOCK = 256;

    private BronzeColumns() {}

    /** The {@link #EPOCH_BLOCK} of an epoch. */
    public static long epochBlock(long epoch) {
        return epoch / EPOCHS_PER_BLOCK;
    }
}
