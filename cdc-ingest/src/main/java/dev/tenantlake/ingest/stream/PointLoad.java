package dev.tenantlake.ingest.stream;

import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.Lsn;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/** Tables that are to be put into the stream of epochs whole, between the transactions before a point and those after. */
public interface PointLoad {

    /** The point that they are read as of: between two transactions, and after all that the stream has shown so far. */
    Lsn point();

    /** By qualified name, the names that they have in the lake. */
    Map<String, String> tables();

    /**
     * Makes them the next epoch. The stream is at the point, and waits.
     *
     * @param epoch the number it gets
     * @return the epoch; empty if it was given up, and nothing of it is in the lake
     */
    Optional<EpochManifest> publish(long epoch) throws IOException, InterruptedException, SQLException;
}
