package dev.tenantlake.ingest.source;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.bronze.BronzeType;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.parquet.Column;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the values of one source column, from a COPY and from the change stream alike, into what its bronze column
 * takes. Both ways give the same value for the same row.
 */
public final class ColumnReader {

    private static final Logger LOG = LoggerFactory.getLogger(ColumnReader.class);

    private final String table;
    private final String column;
    private final ValueCodec codec;
    private final UnrepresentablePolicy policy;

    /**
     * @param table with its schema, for messages
     * @param column its name
     */
    public ColumnReader(String table, String column, SourceType type, UnrepresentablePolicy policy) {
        this.table = requireNonNull(table, "table");
        this.column = requireNonNull(column, "column");
        this.codec = ValueCodec.of(type);
        this.policy = requireNonNull(policy, "policy");
    }

    public BronzeType type() {
        return codec.type();
    }

    /** What a binary COPY has to select so that {@link #fromCopy} can read it. */
    public String copyExpression() {
        return codec.copyExpression(SqlName.quote(column));
    }

    /**
     * Adds the value of a field of a binary COPY to its bronze column.
     *
     * @throws LakeException of kind {@code UNFIT} if the column cannot hold it and the policy is to stop
     */
    public void fromCopy(byte[] buffer, int offset, int length, Column to) {
        try {
            codec.fromCopy(buffer, offset, length, to);
        } catch (UnrepresentableValueException e) {
            to.add(unrepresentable(e));
        }
    }

    /**
     * The value of a field of the change stream.
     *
     * @param raw as Debezium parsed it, before its own conversion; not null
     * @throws LakeException of kind {@code UNFIT} if the column cannot hold it and the policy is to stop
     */
    public Object fromStream(Object raw) {
        try {
            return codec.fromStream(raw);
        } catch (UnrepresentableValueException e) {
            return unrepresentable(e);
        }
    }

    private Object unrepresentable(UnrepresentableValueException value) {
        if (policy == UnrepresentablePolicy.NULL) {
            LOG.warn(
                    "event=value_not_representable table={} column={} value={} stored=null",
                    table,
                    column,
                    value.getMessage());
            return null;
        }
        throw new LakeException(
                LakeException.Kind.UNFIT,
                "column " + column + " of " + table + " holds " + value.getMessage() + ", which "
                        + codec.type().glueType()
                        + " cannot; nothing of its transaction is stored. Correct the row before the first start,"
                        + " or start with --unrepresentable null to store null in its place",
                value);
    }
}
