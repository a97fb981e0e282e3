package dev.tenantlake.control.process;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The file that a service's output goes to, run after run. */
public final class ServiceLog {

    private static final long LARGEST = 20L << 20;
    private static final int TAIL = 16 << 10;

    private final Path file;

    public ServiceLog(Path file) {
        this.file = requireNonNull(file, "file");
    }

    public Path file() {
        return file;
    }

    /** Makes the file ready for another run: a large one is put aside, in place of the one put aside before. */
    void prepare() {
        try {
            Files.createDirectories(file.getParent());
            if (Files.exists(file) && Files.size(file) > LARGEST) {
                Files.move(file, Path.of(file + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The size, in bytes: where the next run's output begins. */
    public long size() {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Why a run ended, in one line: the last line that begins with the name of the command and a colon, as our commands
     * end; else what is known otherwise, and the last line that is neither empty nor part of a stack trace.
     *
     * @param from where the run's output begins
     * @param program the command's name
     * @param otherwise how it ended, for a person
     */
    public String reason(long from, String program, String otherwise) {
        List<String> lines = tail(from).lines().toList();
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).startsWith(program + ": ")) {
                return lines.get(i).substring(program.length() + 2).strip();
            }
        }
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = lines.get(i);
            if (!line.isBlank() && !Character.isWhitespace(line.charAt(0)) && !line.startsWith("Caused by:")) {
                return otherwise + "; the last it wrote: " + line.strip();
            }
        }
        return otherwise;
    }

    private String tail(long from) {
        if (!Files.exists(file)) {
            return "";
        }
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(Math.max(Math.min(from, channel.size()), channel.size() - TAIL));
            ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - channel.position()));
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // A read may give less than there is.
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
