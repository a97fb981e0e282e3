package dev.tenantlake.etl;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Spark as {@code conf/local.conf} has it, without spark-submit. */
final class LocalSpark {

    private LocalSpark() {}

    /** Makes the settings of the file those of the next session. */
    static void configure() {
        Properties settings = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("conf/local.conf"))) {
            settings.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        settings.forEach((name, value) -> System.setProperty((String) name, (String) value));
    }
}
