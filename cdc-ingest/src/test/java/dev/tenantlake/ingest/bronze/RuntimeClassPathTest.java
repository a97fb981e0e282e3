package dev.tenantlake.ingest.bronze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.parquet.ColumnFileWriter;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests have more on their class path than the module has when it runs; what that does with its own alone is held here. */
class RuntimeClassPathTest {

    private static final MessageType SCHEMA =
            MessageTypeParser.parseMessageType("message row { required int64 id; optional binary name (UTF8); }");

    @TempDir
    private Path folder;

    @Test
    void holdsAllThatSmallFilesAreReadAndWrittenWith() throws Exception {
        Path small = folder.resolve("small.parquet");
        write(small);
        try (URLClassLoader runtime = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Class<?> type = runtime.loadClass(SmallFiles.class.getName());
            Constructor<?> begin = type.getDeclaredConstructor(Path.class);
            begin.setAccessible(true);
            Method add = type.getDeclaredMethod("add", String.class, Path.class);
            Method finish = type.getDeclaredMethod("finish");
            add.setAccessible(true);
            finish.setAccessible(true);
            try (Closeable files = (Closeable) begin.newInstance(Files.createDirectory(folder.resolve("merged")))) {
                add.invoke(files, "00000000000000000001-00000.parquet", small);

                assertThat((List<?>) finish.invoke(files)).hasSize(1);
            }
        }
    }

    private static void write(Path file) throws IOException {
        try (ColumnFileWriter writer =
                new ColumnFileWriter(new LocalOutputFile(file), SCHEMA, ParquetFileWriter.Mode.CREATE)) {
            writer.column(0).addLong(1);
            writer.column(1).addNull();
            writer.endRow();
            writer.finish();
        }
    }

    /** As the launcher has it: the module's classes, and what the build says that they need. */
    private static URL[] classPath() throws IOException {
        String others = Files.readString(Path.of("target/runtime-classpath")).strip();
        return Stream.concat(Stream.of("target/classes"), Stream.of(others.split(File.pathSeparator)))
                .map(RuntimeClassPathTest::url)
                .toArray(URL[]::new);
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("no path: " + entry, e);
        }
    }
}
