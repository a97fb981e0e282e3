package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.hudi.common.engine.HoodieLocalEngineContext;
import org.apache.hudi.common.model.HoodieBaseFile;
import org.apache.hudi.common.table.HoodieTableMetaClient;
import org.apache.hudi.common.table.view.HoodieTableFileSystemView;
import org.apache.hudi.storage.HoodieStorage;
import org.apache.hudi.storage.StoragePath;
import org.apache.hudi.storage.StoragePathInfo;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Reads tables as of a commit, and only the partitions that are wanted: the Parquet files that hold them are known
 * from a listing of just those partitions.
 */
public final class HudiFiles {

    private final HudiLake lake;

    public HudiFiles(HudiLake lake) {
        this.lake = requireNonNull(lake, "lake");
    }

    /**
     * The paths of all partitions of a table below a path, which may be {@code ""}.
     *
     * @return paths below the table's folder
     */
    public List<String> partitionsBelow(HudiTable table, String path) {
        return lake.open(table)
                .map(opened -> {
                    List<String> found = new ArrayList<>();
                    int depth = path.isEmpty() ? 0 : path.split("/").length;
                    collect(opened, path, table.partitionColumns().size() - depth, found);
                    return found;
                })
                .orElse(List.of());
    }

    /**
     * The rows that partitions of a table hold as of a commit, with the columns of {@link HudiTable#schema()}.
     *
     * @param commit empty for a table that has none: it holds no rows
     */
    public Dataset<Row> read(HudiTable table, Optional<HudiCommit> commit, Collection<String> partitionPaths) {
        List<String> files = commit.flatMap(made -> lake.open(table).map(opened -> files(opened, made, partitionPaths)))
                .orElse(List.of());
        if (files.isEmpty()) {
            return lake.spark().createDataFrame(List.of(), table.schema());
        }
        return lake.spark().read().schema(table.schema()).parquet(files.toArray(String[]::new));
    }

    private static List<String> files(
            HoodieTableMetaClient opened, HudiCommit commit, Collection<String> partitionPaths) {
        HoodieTableFileSystemView view = HoodieTableFileSystemView.fileListingBasedFileSystemView(
                new HoodieLocalEngineContext(opened.getStorageConf()),
                opened,
                opened.getActiveTimeline().getCommitsTimeline().filterCompletedInstants());
        try {
            return partitionPaths.stream()
                    .flatMap(partition -> view.getLatestBaseFilesBeforeOrOn(partition, commit.instant()))
                    .map(HoodieBaseFile::getPath)
                    .toList();
        } finally {
            view.close();
        }
    }

    private static void collect(HoodieTableMetaClient opened, String path, int levels, List<String> found) {
        if (levels == 0) {
            found.add(path);
            return;
        }
        HoodieStorage storage = opened.getStorage();
        StoragePath folder = path.isEmpty() ? opened.getBasePath() : new StoragePath(opened.getBasePath(), path);
        try {
            for (StoragePathInfo entry : storage.listDirectEntries(folder)) {
                String name = entry.getPath().getName();
                if (entry.isDirectory() && !name.startsWith(".")) {
                    collect(opened, path.isEmpty() ? name : path + "/" + name, levels - 1, found);
                }
            }
        } catch (FileNotFoundException nothingThere) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
