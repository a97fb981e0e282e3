package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** How many rows a file has, as its footer says. Files never change, so each footer is read once. */
final class FileCounts {

    private static final int REMEMBERED = 100_000;

    private final HudiLake lake;
    private final Map<String, Long> known = RecentMap.of(REMEMBERED);

    FileCounts(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
    }

    /** How many rows a file has. */
    long of(String file) {
        Long found = known.get(file);
        if (found == null) {
            found = read(file);
            known.put(file, found);
        }
        return found;
    }

    private long read(String file) {
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(
                new Path(file), lake.spark().sparkContext().hadoopConfiguration()))) {
            return reader.getRecordCount();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
