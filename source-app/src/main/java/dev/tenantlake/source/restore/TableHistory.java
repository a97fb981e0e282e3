package dev.tenantlake.source.restore;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.SourceTable;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** What is known of the source's tables as they were at the end of an epoch. */
interface TableHistory extends AutoCloseable {

    /**
     * The epoch that is meant: of an instant, the last one that was committed by then.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if there is none
     */
    PastEpoch epoch(AsOf asOf);

    /** The id of the tenant that had a slug, or empty if none had. */
    OptionalLong tenantId(String slug, long epoch);

    /**
     * The rows that a tenant had in a table, in no order. The caller closes it.
     *
     * @throws LakeException of kind {@code UNFIT} if the table's rows of then are not known as a whole
     */
    Stream<PastRow> rows(SourceTable table, long tenantId, long epoch);

    /**
     * The keys of a tenant's rows that the source had and the history does not give, since they broke a rule; a key is the
     * values of its columns with slashes between them. Asked after the rows: what is held back later is among those.
     */
    Set<String> heldBack(SourceTable table, long tenantId, long epoch);

    /** The names of the columns that are known of the rows that changed in an epoch in which some did. */
    Set<String> columns(SourceTable table, long epoch);

    @Override
    void close();
}
