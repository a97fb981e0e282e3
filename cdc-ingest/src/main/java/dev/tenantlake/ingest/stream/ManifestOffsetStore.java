package dev.tenantlake.ingest.stream;

import dev.tenantlake.model.LakeJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.OffsetBackingStore;
import org.apache.kafka.connect.util.Callback;

/**
 * Where Debezium believes its offsets to be stored. They are in the epoch manifests and nowhere else: a run begins with
 * that of the newest one, and what Debezium stores while it runs, which is the END of a transaction that a manifest
 * holds, is kept in memory for as long as it confirms it to the server. Debezium makes it by its class name.
 */
public final class ManifestOffsetStore implements OffsetBackingStore {

    /** The property that holds the offset to begin with, as JSON. */
    static final String RESUME_OFFSET = "tenantlake.resume.offset";

    private volatile byte[] offset = {};

    /** The value of the property for an offset. */
    static String property(Map<String, Object> offset) {
        return new String(LakeJson.bytes(offset), StandardCharsets.UTF_8);
    }

    @Override
    public void configure(WorkerConfig config) {
        offset = config.originalsStrings().get(RESUME_OFFSET).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Future<Map<ByteBuffer, ByteBuffer>> get(Collection<ByteBuffer> keys) {
        // There is one source, and so one key.
        Map<ByteBuffer, ByteBuffer> offsets = new HashMap<>();
        keys.forEach(key -> offsets.put(key, ByteBuffer.wrap(offset)));
        return CompletableFuture.completedFuture(offsets);
    }

    @Override
    public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, Callback<Void> callback) {
        values.values().forEach(value -> {
            byte[] bytes = new byte[value.remaining()];
            value.duplicate().get(bytes);
            offset = bytes;
        });
        callback.onCompletion(null, null);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Set<Map<String, Object>> connectorPartitions(String connectorName) {
        return Set.of();
    }

    @Override
    public void start() {
        // The offset is there from the configuration.
    }

    @Override
    public void stop() {
        // Nothing is held open.
    }
}
