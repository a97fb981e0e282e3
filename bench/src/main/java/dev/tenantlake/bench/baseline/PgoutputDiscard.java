package dev.tenantlake.bench.baseline;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/** Reads changes as pgoutput sends them and throws them away, and never tells the server that it has them. */
final class PgoutputDiscard {

    private final SourceOptions source;
    private final String slot;
    private final long expected;

    PgoutputDiscard(SourceOptions source, String slot, long expected) {
        this.source = requireNonNull(source, "source");
        this.slot = requireNonNull(slot, "slot");
        this.expected = expected;
    }

    BaselineResult run() throws SQLException {
        ChangeClock clock = new ChangeClock(expected);
        try (Connection connection = source.connectForReplication()) {
            PGReplicationStream stream = connection
                    .unwrap(PGConnection.class)
                    .getReplicationAPI()
                    .replicationStream()
                    .logical()
                    .withSlotName(slot)
                    .withSlotOption("proto_version", "1")
                    .withSlotOption("publication_names", "tenantlake")
                    .start();
            while (!clock.isDone()) {
                ByteBuffer message = stream.read();
                // Insert, update, delete; what else comes are the bounds of transactions and what tables look like.
                switch (message.get()) {
                    case 'I', 'U', 'D' -> clock.count(1);
                    default -> {}
                }
            }
        }
        return clock.result();
    }
}
