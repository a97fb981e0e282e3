package dev.tenantlake.etl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tenantlake.etl.s3.LakeS3FileSystem;
import dev.tenantlake.etl.s3.S3Requests;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.statistics.IOStatisticsSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;

/** On a real S3, whose requests Hadoop's connector counts. */
@ExtendWith(LakeExtension.class)
class LakeS3FileSystemTest {

    @Test
    void asksNothingOfAFileThatItWrote(TestLake lake) throws IOException {
        Path file = path(lake, "silver/t/a.parquet");
        FileSystem files = fileSystem(lake, file);
        byte[] content = content(100_000);
        write(files, file, content);
        assertThat(stored(lake, "silver/t/a.parquet")).isEqualTo(content);

        long before = requests(files);
        assertThat(files.exists(file)).isTrue();
        assertThat(files.getFileStatus(file).getLen()).isEqualTo(content.length);
        assertThat(files.getFileStatus(file).getPath()).isEqualTo(file);
        assertThat(files.getFileStatus(file).isFile()).isTrue();
        assertThat(read(files, file)).isEqualTo(content);
        try (FSDataInputStream in = files.openFile(file).build().join()) {
            byte[] middle = new byte[1_000];
            in.readFully(50_000, middle);
            assertThat(middle).isEqualTo(Arrays.copyOfRange(content, 50_000, 51_000));
            assertThat(in.getPos()).isZero();
            in.seek(99_999);
            assertThat(in.read()).isEqualTo(content[99_999] & 0xff);
            assertThat(in.read()).isEqualTo(-1);
            assertThatExceptionOfType(EOFException.class).isThrownBy(() -> in.seek(100_001));
            assertThatExceptionOfType(EOFException.class).isThrownBy(() -> in.readFully(99_500, middle));
        }
        assertThat(requests(files)).isEqualTo(before);
    }

    @Test
    void asksOnceWhetherAFileIsThere(TestLake lake) throws IOException {
        byte[] content = content(100_000);
        put(lake, "silver/t/b.parquet", content);
        Path file = path(lake, "silver/t/b.parquet");
        FileSystem files = fileSystem(lake, file);
        assertThat(files.exists(file)).isTrue();

        long before = requests(files);
        assertThat(files.exists(file)).isTrue();
        assertThat(files.getFileStatus(file).getLen()).isEqualTo(content.length);
        assertThat(files.listStatus(file)).singleElement().satisfies(status -> {
            assertThat(status.getPath()).isEqualTo(file);
            assertThat(status.getLen()).isEqualTo(content.length);
        });
        assertThat(requests(files)).isEqualTo(before);
        assertThat(read(files, file)).isEqualTo(content);

        files.delete(file, false);
        assertGone(files, file);
    }

    @Test
    void readsASmallFileThatItWasToldOfWithOneRequest(TestLake lake) throws IOException {
        byte[] content = content(5_000);
        put(lake, "bronze/t/1.parquet", content);
        Path file = path(lake, "bronze/t/1.parquet");
        FileSystem files = fileSystem(lake, file);
        long before = gets(lake);
        long asked = heads(lake);
        LakeS3FileSystem.announce(
                file, content.length, lake.hudi().spark().sparkContext().hadoopConfiguration());

        assertThat(files.exists(file)).isTrue();
        assertThat(files.listStatus(file)).hasSize(1);
        assertThat(read(files, file)).isEqualTo(content);
        try (FSDataInputStream in = files.openFile(file).build().join()) {
            byte[] end = new byte[8];
            in.readFully(content.length - 8, end);
            assertThat(end).isEqualTo(Arrays.copyOfRange(content, content.length - 8, content.length));
        }
        assertThat(gets(lake)).isEqualTo(before + 1);
        assertThat(heads(lake)).isEqualTo(asked);
    }

    @Test
    void failsToOpenAFileThatWasAnnouncedAndIsNotThere(TestLake lake) throws IOException {
        Path file = path(lake, "bronze/t/2.parquet");
        FileSystem files = fileSystem(lake, file);
        LakeS3FileSystem.announce(file, 100, lake.hudi().spark().sparkContext().hadoopConfiguration());
        assertThatExceptionOfType(FileNotFoundException.class).isThrownBy(() -> read(files, file));
    }

    @Test
    void asksForAPartitionsFileOnce(TestLake lake) throws IOException {
        Path file = path(lake, "silver/t/tenant_id=1/.hoodie_partition_metadata");
        lake.s3()
                .putObject(
                        put -> put.bucket(lake.layout().bucket())
                                .key("silver/t/tenant_id=1/.hoodie_partition_metadata"),
                        RequestBody.fromString("depth=1"));
        FileSystem files = fileSystem(lake, file);
        assertThat(files.exists(file)).isTrue();
        long before = requests(files);
        assertThat(files.exists(file)).isTrue();
        assertThat(requests(files)).isEqualTo(before);
        assertThat(read(files, file)).isEqualTo("depth=1".getBytes(UTF_8));
    }

    @Test
    void forgetsWhatIsGone(TestLake lake) throws IOException {
        Path file = path(lake, "silver/t/tenant_id=1/a.parquet");
        FileSystem files = fileSystem(lake, file);
        write(files, file, content(10));
        files.delete(file, false);
        assertGone(files, file);

        write(files, file, content(10));
        files.delete(file.getParent(), true);
        assertGone(files, file);
    }

    @Test
    void deletesFilesWithoutAskingForThem(TestLake lake) throws IOException {
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            put(lake, "silver/t/" + i + ".parquet", content(10));
            paths.add(path(lake, "silver/t/" + i + ".parquet"));
        }
        Path instant = path(lake, "silver/t/.hoodie/20261127200000000.commit");
        FileSystem files = fileSystem(lake, instant);
        write(files, instant, content(10));
        long before = asked(lake);
        assertThat(files.exists(instant)).isTrue();
        assertThat(files.delete(instant, false)).isTrue();
        assertThat(asked(lake)).isEqualTo(before + 1);

        LakeS3FileSystem.deleteAll(paths, lake.hudi().spark().sparkContext().hadoopConfiguration());
        assertThat(asked(lake)).isEqualTo(before + 2);
        for (Path file : paths) {
            assertThat(files.getFileStatus(file).isFile()).isTrue();
            assertThat(files.delete(file, false)).isTrue();
        }
        assertThat(asked(lake)).isEqualTo(before + 2);
        for (Path file : paths) {
            assertGone(files, file);
        }
        assertGone(files, instant);
    }

    @Test
    void deletesAFileThatIsThereAgain(TestLake lake) throws IOException {
        Path file = path(lake, "silver/t/a.parquet");
        FileSystem files = fileSystem(lake, file);
        write(files, file, content(10));
        LakeS3FileSystem.deleteAll(
                List.of(file), lake.hudi().spark().sparkContext().hadoopConfiguration());
        write(files, file, content(20));
        assertThat(read(files, file)).isEqualTo(content(20));
        files.delete(file, false);
        assertGone(files, file);
    }

    @Test
    void readsTheNewerOfTwoVersions(TestLake lake) throws IOException {
        Path file = path(lake, "silver/t/a.parquet");
        FileSystem files = fileSystem(lake, file);
        write(files, file, content(10));
        write(files, file, content(20));
        assertThat(read(files, file)).isEqualTo(content(20));
    }

    /** What may change, such as a table's properties, is always read from S3; and what is large is not kept. */
    @Test
    void remembersOnlyDataFilesOfSomeSize(TestLake lake) throws IOException {
        Path changing = path(lake, "silver/t/.hoodie/hoodie.properties");
        FileSystem files = fileSystem(lake, changing);
        write(files, changing, content(10));
        Path large = path(lake, "silver/t/large.parquet");
        write(files, large, content(9 << 20));
        for (Path file : new Path[] {changing, large}) {
            long before = requests(files);
            assertThat(read(files, file))
                    .hasSize((int) files.getFileStatus(file).getLen());
            assertThat(requests(files)).isGreaterThan(before);
        }
    }

    private static Path path(TestLake lake, String key) {
        return new Path(lake.hudi().address(key));
    }

    private static FileSystem fileSystem(TestLake lake, Path file) throws IOException {
        return file.getFileSystem(lake.hudi().spark().sparkContext().hadoopConfiguration());
    }

    private static byte[] content(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static void write(FileSystem files, Path file, byte[] content) throws IOException {
        try (FSDataOutputStream out = files.create(file, true)) {
            out.write(content[0]);
            out.write(content, 1, content.length - 1);
        }
    }

    private static byte[] read(FileSystem files, Path file) throws IOException {
        try (FSDataInputStream in = files.open(file)) {
            return in.readAllBytes();
        }
    }

    private static byte[] stored(TestLake lake, String key) {
        return lake.s3()
                .getObjectAsBytes(get -> get.bucket(lake.layout().bucket()).key(key))
                .asByteArray();
    }

    private static void assertGone(FileSystem files, Path file) throws IOException {
        assertThat(files.exists(file)).isFalse();
        assertThatExceptionOfType(FileNotFoundException.class).isThrownBy(() -> files.getFileStatus(file));
        assertThatExceptionOfType(FileNotFoundException.class).isThrownBy(() -> read(files, file));
    }

    private static void put(TestLake lake, String key, byte[] content) {
        lake.s3().putObject(put -> put.bucket(lake.layout().bucket()).key(key), RequestBody.fromBytes(content));
    }

    private static long gets(TestLake lake) {
        return count(lake).get("get");
    }

    private static long heads(TestLake lake) {
        return count(lake).get("head");
    }

    private static long asked(TestLake lake) {
        return count(lake).values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<String, Long> count(TestLake lake) {
        return new S3Requests(
                        URI.create(lake.hudi().address("")),
                        lake.hudi().spark().sparkContext().hadoopConfiguration())
                .count();
    }

    /** How many requests of S3 were made so far. */
    private static long requests(FileSystem files) {
        return ((IOStatisticsSource) files)
                .getIOStatistics().counters().entrySet().stream()
                        .filter(counter -> counter.getKey().startsWith("action_http_")
                                || counter.getKey().startsWith("object_"))
                        .mapToLong(Map.Entry::getValue)
                        .sum();
    }
}
