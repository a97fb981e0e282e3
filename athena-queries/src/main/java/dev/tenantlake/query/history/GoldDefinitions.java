package dev.tenantlake.query.history;

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
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What each table of gold is, as one SELECT over silver: {@code gold/<table>.sql} on the class path, with the table's columns
 * but {@code _epoch}. The job that writes gold computes the same; here it is for a silver that nobody has written down.
 *
 * @param sql by the tables' names
 */
public record GoldDefinitions(SortedMap<String, String> sql) {

    private static final String FOLDER = "/gold";
    private static final String ENDING = ".sql";

    public GoldDefinitions {
        sql = new TreeMap<>(requireNonNull(sql, "sql"));
    }

    /** Reads all of them. */
    public static GoldDefinitions load() {
        try {
            URI folder = requireNonNull(GoldDefinitions.class.getResource(FOLDER), "gold on the class path")
                    .toURI();
            if (folder.getScheme().equals("jar")) {
                try (FileSystem jar = FileSystems.newFileSystem(folder, Map.of())) {
                    return read(jar.getPath(FOLDER));
                }
            }
            return read(Path.of(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static GoldDefinitions read(Path folder) throws IOException {
        SortedMap<String, String> sql = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                sql.put(
                        name.substring(0, name.length() - ENDING.length()),
                        Files.readString(file).strip());
            }
        }
        return new GoldDefinitions(sql);
    }

    /** What a table is, if there is a definition of it. */
    Optional<String> of(String table) {
        return Optional.ofNullable(sql.get(table));
    }
}
