package dev.tenantlake.ingest.stream;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.bronze.OpenEpoch;
import dev.tenantlake.ingest.bronze.RowStamp;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Lsn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the records of the change stream together into epochs of whole transactions. A transaction's rows wait until its
 * END has come and has said that none is missing, so an epoch can be cut at any time and never holds a part of one. Not
 * for use by several threads at once.
 */
final class EpochAssembler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EpochAssembler.class);

    private final Path folder;
    private final String transactionTopic;
    private final CarriedTables tables;
    private final TransactionBuffer transaction;
    private final Map<Schema, TableDecoder> decoders = new IdentityHashMap<>();
    private OpenEpoch epoch;
    private Lsn lastLsn;
    private boolean inTransaction;
    private long events;

    /**
     * @param folder for files until they are uploaded
     * @param lastEpoch the number of the lake's last epoch
     * @param lastLsn where that ends
     * @param topicPrefix of Debezium's topics
     * @param tables those that the lake carries
     */
    EpochAssembler(Path folder, long lastEpoch, Lsn lastLsn, String topicPrefix, CarriedTables tables) {
        this.folder = requireNonNull(folder, "folder");
        this.lastLsn = requireNonNull(lastLsn, "lastLsn");
        this.transactionTopic = requireNonNull(topicPrefix, "topicPrefix") + ".transaction";
        this.tables = requireNonNull(tables, "tables");
        this.transaction = new TransactionBuffer(folder);
        this.epoch = new OpenEpoch(lastEpoch + 1, folder);
    }

    /**
     * Takes the next record.
     *
     * @return whether it is the END of a transaction, which then is part of the open epoch
     * @throws LakeException of kind {@code CORRUPT} if the stream left something out
     */
    boolean accept(SourceRecord record) throws IOException {
        if (record.topic().equals(transactionTopic)) {
            Struct event = (Struct) record.value();
            if (event.getString("status").equals("BEGIN")) {
                begin();
                return false;
            }
            end(event.getInt64("event_count"), record.sourceOffset());
            return true;
        }
        if (record.value() instanceof Struct event && event.schema().field("op") != null) {
            row(record, event);
        }
        // What remains are heartbeats, which come so that time passes for whoever waits on the stream.
        return false;
    }

    /** Whether a record is the END of a transaction that ends after a position. */
    boolean endsAfter(SourceRecord record, Lsn position) {
        return record.topic().equals(transactionTopic)
                && ((Struct) record.value()).getString("status").equals("END")
                && StreamOffset.lsn(record.sourceOffset()).compareTo(position) > 0;
    }

    /** The epoch that transactions are put into. */
    OpenEpoch epoch() {
        return epoch;
    }

    /** Completes the open epoch and opens the next. */
    OpenEpoch.Sealed cut() throws IOException {
        OpenEpoch.Sealed complete = epoch.seal(tables.takeDropped());
        epoch = new OpenEpoch(complete.number() + 1, folder);
        return complete;
    }

    /**
     * Goes on after an epoch that was made elsewhere.
     *
     * @throws IllegalStateException if the open epoch holds a transaction
     */
    void continueAfter(EpochManifest manifest) {
        if (!epoch.isEmpty()) {
            throw new IllegalStateException("epoch " + epoch.number() + " is open");
        }
        epoch = new OpenEpoch(manifest.epoch() + 1, folder);
        lastLsn = manifest.lastLsn();
    }

    /** Gives up what is open, and removes its files. */
    @Override
    public void close() throws IOException {
        transaction.close();
        epoch.abandon();
    }

    private void begin() throws IOException {
        if (inTransaction) {
            throw skipped("a transaction began before another ended");
        }
        inTransaction = true;
        events = 0;
    }

    private void row(SourceRecord record, Struct event) throws IOException {
        Struct place = event.getStruct("transaction");
        if (!inTransaction || place == null) {
            throw skipped("a row came outside of any transaction");
        }
        events++;
        if (place.getInt64("total_order") != events) {
            throw skipped("a transaction went on with its change number " + place.getInt64("total_order")
                    + " where number " + events + " was due");
        }
        TableDecoder decoder = decoders.get(event.schema());
        if (decoder == null) {
            decoder = decoder(record, event);
            if (record.keySchema() != null) {
                decoders.put(event.schema(), decoder);
            }
        }
        if (tables.isRefused(decoder.qualifiedName())) {
            return;
        }
        Optional<String> fault = decoder.decode(event, transaction);
        fault.ifPresent(
                tables.refusing(decoder.qualifiedName(), decoder.schema().table()));
    }

    private TableDecoder decoder(SourceRecord record, Struct event) {
        Struct source = event.getStruct("source");
        TableDecoder decoder = new TableDecoder(
                source.getString("schema"),
                source.getString("table"),
                event.schema(),
                Optional.ofNullable(record.keySchema()));
        tables.meet(decoder.qualifiedName(), decoder.schema());
        String table = decoder.schema().table();
        LOG.debug(
                "event=schema table={} schema={} columns={}",
                table,
                decoder.schema().id(),
                decoder.schema().columns().size());
        return decoder;
    }

    private void end(long eventCount, Map<String, ?> offset) throws IOException {
        if (!inTransaction || eventCount != events) {
            throw skipped("a transaction of " + eventCount + " changes ended after " + events);
        }
        inTransaction = false;
        Lsn lsn = StreamOffset.lsn(offset);
        if (lsn.compareTo(lastLsn) <= 0) {
            // The server sends again what it was not told in time that we have.
            LOG.info("event=transaction_known lsn={} rows={}", lsn, transaction.size());
            transaction.clear();
            return;
        }
        RowStamp stamp = new RowStamp(lsn, StreamOffset.transactionId(offset), StreamOffset.committedAtMicros(offset));
        transaction.drainTo((schema, operation, values) -> epoch.add(schema, operation, stamp, values));
        epoch.endTransaction(stamp, StreamOffset.ofEnd(offset));
        lastLsn = lsn;
    }

    private static LakeException skipped(String what) {
        return new LakeException(
                LakeException.Kind.CORRUPT,
                "the change stream left something out: " + what
                        + "; nothing of it was stored. Start cdc-ingest again: it resumes after the last epoch");
    }
}
