package dev.tenantlake.bench.process;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The log of a process that may still be writing it. */
public final class LogFile {

    private final Path file;

    public LogFile(Path file) {
        this.file = requireNonNull(file, "file");
    }

    /** The events of a name that it tells of by now, in order. */
    public List<LogEvent> events(String name) {
        return lines().stream()
                .filter(line -> line.contains("event=" + name))
                .map(LogEvent::parse)
                .flatMap(Optional::stream)
                .filter(event -> event.name().equals(name))
                .toList();
    }

    /** The last event of a name, or empty if there is none by now. */
    public Optional<LogEvent> last(String name) {
        List<LogEvent> events = events(name);
        return events.isEmpty() ? Optional.empty() : Optional.of(events.get(events.size() - 1));
    }

    /** Its last line that says something. */
    public Optional<String> lastLine() {
        return lines().stream().filter(line -> !line.isBlank()).reduce((before, line) -> line);
    }

    private List<String> lines() {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
