package dev.tenantlake.query.sql;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a folder on the class path, on disk or in a jar.
 *
 * @param files by their names, what is in them
 */
public record SqlFolder(SortedMap<String, String> files) {

    private static final String ENDING = ".sql";

    public SqlFolder {
        files = new TreeMap<>(requireNonNull(files, "files"));
    }

    /**
     * Reads all of them, but none of a folder within it.
     *
     * @param folder its path on the class path, {@code /metrics}
     */
    public static SqlFolder read(String folder) {
        try {
            URI place = requireNonNull(SqlFolder.class.getResource(folder), folder + " on the class path")
                    .toURI();
            if (place.getScheme().equals("jar")) {
                try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
                    return read(jar.getPath(folder));
                }
            }
            return read(Path.of(place));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is in the files, by their names without {@code .sql}. */
    public SortedMap<String, String> texts() {
        SortedMap<String, String> texts = new TreeMap<>();
        files.forEach((file, text) -> texts.put(file.substring(0, file.length() - ENDING.length()), text));
        return texts;
    }

    private static SqlFolder read(Path folder) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.list(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(path.getFileName().toString(), Files.readString(path));
            }
        }
        return new SqlFolder(files);
    }
}
