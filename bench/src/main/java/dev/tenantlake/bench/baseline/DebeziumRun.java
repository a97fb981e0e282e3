package dev.tenantlake.bench.baseline;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.SourceTable;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;

/**
 * Debezium's engine with nothing of ours in it. It is given the queues and intervals that the ingest gives it, keeps its
 * offsets in memory, and never tells the server what it has.
 */
final class DebeziumRun {

    /** Takes what comes. */
    interface Consumer {
        /** Takes records in order; returns whether those were the last. */
        boolean take(List<RecordChangeEvent<SourceRecord>> batch) throws Exception;
    }

    private final Properties settings = new Properties();

    DebeziumRun(SourceOptions source) {
        requireNonNull(source, "source");
        set("name", "bench");
        set("connector.class", PostgresConnector.class.getName());
        set("topic.prefix", "bench");
        set("database.hostname", source.host());
        set("database.port", source.port());
        set("database.dbname", source.database());
        set("database.user", source.user());
        set("database.password", source.password());
        set("plugin.name", "pgoutput");
        set("publication.name", "tenantlake");
        set("publication.autocreate.mode", "disabled");
        set(
                "table.include.list",
                SourceTable.ALL.stream().map(SourceTable::qualifiedName).collect(Collectors.joining(",")));
        set("offset.storage", MemoryOffsetBackingStore.class.getName());
        set("offset.flush.interval.ms", "3600000");
        set("tombstones.on.delete", "false");
        set("poll.interval.ms", "10");
        set("max.batch.size", "8192");
        set("max.queue.size", "32768");
        set("max.queue.size.in.bytes", String.valueOf(64L << 20));
        set("errors.max.retries", "0");
        set("slot.max.retries", "0");
    }

    /** Has it follow a slot, with what the lake needs to know where a transaction ends. */
    DebeziumRun streaming(String slot) {
        set("snapshot.mode", "no_data");
        set("slot.name", slot);
        set("slot.drop.on.stop", "false");
        set("provide.transaction.metadata", "true");
        set("skipped.operations", "none");
        set("message.prefix.exclude.list", ".*");
        return this;
    }

    /** Has it read all tables once. */
    DebeziumRun snapshot(int threads) {
        set("snapshot.mode", "initial_only");
        set("snapshot.max.threads", Integer.toString(threads));
        set("slot.name", "bench_never_made");
        return this;
    }

    /**
     * Runs until the consumer has had its last, and does not wait for the engine to end.
     *
     * @throws LakeException of kind {@code UNFIT} with what made the engine or the consumer fail
     */
    void run(Consumer consumer) throws InterruptedException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        DebeziumEngine<RecordChangeEvent<SourceRecord>> engine = DebeziumEngine.create(
                        ChangeEventFormat.of(Connect.class))
                .using(settings)
                .using((success, message, error) -> done.completeExceptionally(
                        error == null ? new IllegalStateException("the engine ended: " + message) : error))
                .notifying((batch, committer) -> {
                    try {
                        if (!done.isDone() && consumer.take(batch)) {
                            done.complete(null);
                        }
                    } catch (Exception e) {
                        done.completeExceptionally(e);
                    }
                })
                .build();
        Thread thread = new Thread(engine, "engine");
        thread.setDaemon(true);
        thread.start();
        try {
            done.get();
        } catch (ExecutionException e) {
            throw new LakeException(
                    LakeException.Kind.UNFIT, "Debezium's engine failed: " + root(e).getMessage(), e.getCause());
        }
    }

    /** The engine's own exceptions say no more than that there was one. */
    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private void set(String name, String value) {
        settings.setProperty(name, value);
    }
}
