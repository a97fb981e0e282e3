package dev.tenantlake.source.seed;

import dev.tenantlake.model.SourceTable;
import java.io.IOException;

/** A row of the history. */
interface Row {

    /** The table that it is a row of. */
    SourceTable table();

    /** Gives its values, in the order of the table's columns. */
    void copyTo(CopyText text) throws IOException;
}
