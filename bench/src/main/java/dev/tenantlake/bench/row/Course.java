package dev.tenantlake.bench.row;

import dev.tenantlake.bench.lake.LiveLake;
import dev.tenantlake.bench.process.ProcessMemory;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.Layer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Looks at a lake at the beginning, in the middle and at the end of a time. */
final class Course {

    /** A completed commit in a table's active timeline; what was archived lies in a folder below. */
    private static final Pattern COMMIT = Pattern.compile("[^/]+/([^/]+)/\\.hoodie/\\d{17}\\.commit");

    private final LiveLake lake;
    private final ProcessMemory memory;
    private final Duration half;
    private final long startedNanos = System.nanoTime();
    private final List<Moment> moments = new ArrayList<>();

    /**
     * How a lake is at a moment.
     *
     * @param resident bytes of each process
     * @param instants by table, such as {@code silver.orders}, the commits in its active timeline
     * @param bronzeFiles how many objects bronze has
     */
    record Moment(Map<String, Long> resident, Map<String, Integer> instants, long bronzeFiles) {}

    Course(LiveLake lake, ProcessMemory memory, Duration time) {
        this.lake = lake;
        this.memory = memory;
        this.half = time.dividedBy(2);
        take();
    }

    /** To be called again and again; looks when it is time. */
    void look() {
        if (moments.size() == 1 && System.nanoTime() - startedNanos >= half.toNanos()) {
            take();
        }
    }

    /** Looks for the last time. */
    void lookAtTheEnd() {
        take();
    }

    /** The three moments. */
    List<Moment> moments() {
        if (moments.size() != 3) {
            throw new IllegalStateException("looked " + moments.size() + " times");
        }
        return List.copyOf(moments);
    }

    private void take() {
        Map<String, Integer> instants = new TreeMap<>();
        long bronze = 0;
        try (AwsClients clients = lake.address().adminClients();
                S3Client s3 = clients.s3()) {
            for (Layer layer : List.of(Layer.SILVER, Layer.GOLD)) {
                for (S3Object object : s3.listObjectsV2Paginator(
                                list -> list.bucket(clients.config().bucket()).prefix(layer.database() + "/"))
                        .contents()) {
                    Matcher commit = COMMIT.matcher(object.key());
                    if (commit.matches()) {
                        instants.merge(layer.database() + "." + commit.group(1), 1, Integer::sum);
                    }
                }
            }
            bronze = s3
                    .listObjectsV2Paginator(
                            list -> list.bucket(clients.config().bucket()).prefix(Layer.BRONZE.database() + "/"))
                    .contents()
                    .stream()
                    .count();
        }
        moments.add(new Moment(memory.now(), instants, bronze));
    }
}
