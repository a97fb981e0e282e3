package dev.tenantlake.local.state;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps maps in one append-only file, so that a process that dies at any moment loses no change that was acknowledged
 * and shows none by half. One line holds one change as a JSON array of its puts and removals; a last line that was cut
 * off is dropped when the file is opened. When most of the file is outdated, it is rewritten beside itself and renamed.
 */
public final class Journal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final long SMALLEST_TO_COMPACT = 4L << 20;

    private final Path file;
    private final ObjectMapper json = LakeJson.mapper();
    private final Map<String, JournaledMap<?>> maps = new LinkedHashMap<>();
    private final Map<String, Map<String, JsonNode>> unclaimed = new TreeMap<>();
    // Not a channel: the interruption of one thread would close that for all.
    private RandomAccessFile content;
    private long size;
    private long compactAbove = SMALLEST_TO_COMPACT;

    private Journal(Path file) {
        this.file = requireNonNull(file, "file");
    }

    /**
     * Opens a journal, or begins one.
     *
     * @throws LakeException of kind {@code CORRUPT} if a line other than a cut-off last one cannot be read
     */
    public static Journal open(Path file) {
        Journal journal = new Journal(file);
        try {
            journal.load();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read or write " + file, e);
        }
        return journal;
    }

    /**
     * The map of that name with what was put into it before; its values are kept as JSON.
     *
     * @throws IllegalStateException if it was asked for already
     */
    public synchronized <V> JournaledMap<V> map(String name, Class<V> type) {
        if (maps.containsKey(name)) {
            throw new IllegalStateException("map " + name + " is open already");
        }
        JournaledMap<V> map = new JournaledMap<>(name);
        Map<String, JsonNode> stored = unclaimed.remove(name);
        if (stored != null) {
            stored.forEach((key, value) -> map.apply(key, read(name, key, value, type)));
        }
        maps.put(name, map);
        return map;
    }

    /**
     * Makes a change as a whole, one after the other; a change that throws is not made. What the change reads from the
     * maps is what was there before it.
     */
    public void change(Consumer<Change> change) {
        change(change, true);
    }

    /** As {@link #change(Consumer)}, for what may be lost when the machine, and not only the process, goes down. */
    public void changeLazily(Consumer<Change> change) {
        change(change, false);
    }

    private synchronized void change(Consumer<Change> change, boolean force) {
        Change collected = new Change();
        change.accept(collected);
        if (collected.entries.isEmpty()) {
            return;
        }
        ArrayNode line = json.createArrayNode();
        collected.entries.forEach(entry -> line.add(node(entry.map().name(), entry.key(), entry.value())));
        try {
            append(line, force);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        collected.entries.forEach(Change.Entry::apply);
        if (size > compactAbove) {
            try {
                compact();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot rewrite " + file, e);
            }
        }
    }

    private ObjectNode node(String map, String key, Object value) {
        ObjectNode node = json.createObjectNode().put("m", map).put("k", key);
        if (value != null) {
            node.set("v", json.valueToTree(value));
        }
        return node;
    }

    private void append(ArrayNode line, boolean force) throws IOException {
        byte[] text = (json.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
        content.seek(size);
        try {
            content.write(text);
            if (force) {
                content.getFD().sync();
            }
        } catch (IOException e) {
            // Part of the line may be there: the change is refused, so nothing of it may be read back.
            content.setLength(size);
            throw e;
        }
        size += text.length;
    }

    private void load() throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, OWNER_ONLY);
        }
        byte[] stored = Files.readAllBytes(file);
        int from = 0;
        int number = 1;
        for (int end = lineEnd(stored, from); end >= 0; end = lineEnd(stored, from)) {
            replay(new String(stored, from, end - from, StandardCharsets.UTF_8), number++);
            from = end + 1;
        }
        content = new RandomAccessFile(file.toFile(), "rw");
        if (from < stored.length) {
            LOG.info("event=journal_cut_off_line_dropped file={} bytes={}", file, stored.length - from);
            content.setLength(from);
        }
        size = from;
        compactAbove = Math.max(SMALLEST_TO_COMPACT, size);
    }

    private static int lineEnd(byte[] stored, int from) {
        for (int i = from; i < stored.length; i++) {
            if (stored[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void replay(String line, int number) {
        try {
            for (JsonNode entry : json.readTree(line)) {
                Map<String, JsonNode> map =
                        unclaimed.computeIfAbsent(entry.required("m").asText(), name -> new TreeMap<>());
                String key = entry.required("k").asText();
                if (entry.has("v")) {
                    map.put(key, entry.get("v"));
                } else {
                    map.remove(key);
                }
            }
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new LakeException(
                    LakeException.Kind.CORRUPT,
                    file + " line " + number + " is not a journal's line; restore the file, or remove it to begin anew",
                    e);
        }
    }

    private <V> V read(String map, String key, JsonNode value, Class<V> type) {
        try {
            return json.treeToValue(value, type);
        } catch (JsonProcessingException e) {
            throw new LakeException(
                    LakeException.Kind.CORRUPT,
                    file + " holds an entry '" + key + "' of " + map + " that cannot be read",
                    e);
        }
    }

    private void compact() throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, OWNER_ONLY);
        long before = size;
        RandomAccessFile rewritten = new RandomAccessFile(fresh.toFile(), "rw");
        try {
            for (JournaledMap<?> map : maps.values()) {
                for (String key : map.keys()) {
                    write(rewritten, node(map.name(), key, map.get(key).orElseThrow()));
                }
            }
            for (Map.Entry<String, Map<String, JsonNode>> map : unclaimed.entrySet()) {
                for (Map.Entry<String, JsonNode> entry : map.getValue().entrySet()) {
                    write(rewritten, node(map.getKey(), entry.getKey(), entry.getValue()));
                }
            }
            rewritten.getFD().sync();
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            rewritten.close();
            throw e;
        }
        content.close();
        content = rewritten;
        size = rewritten.length();
        compactAbove = Math.max(SMALLEST_TO_COMPACT, 2 * size);
        LOG.debug("event=journal_compacted file={} bytes_before={} bytes={}", file, before, size);
    }

    private void write(RandomAccessFile out, ObjectNode entry) throws IOException {
        out.write((json.writeValueAsString(json.createArrayNode().add(entry)) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized void close() {
        try {
            content.getFD().sync();
            content.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + file, e);
        }
    }
}
