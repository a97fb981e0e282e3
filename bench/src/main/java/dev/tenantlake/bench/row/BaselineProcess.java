package dev.tenantlake.bench.row;

import dev.tenantlake.bench.baseline.Baseline;
import dev.tenantlake.bench.baseline.BaselineResult;
import dev.tenantlake.bench.lake.LakeAddress;
import dev.tenantlake.bench.process.ProcessorUse;
import dev.tenantlake.bench.process.RunningProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a baseline in a process of its own, with the JVM's flags that the ingest has, or with more heap. */
final class BaselineProcess {

    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-XX:-UsePerfData");
    private static final String HEAP = "-Xmx512m";
    /** Debezium's snapshot of three million rows ends with an {@code OutOfMemoryError} in the ingest's heap. */
    private static final Map<String, String> MORE_HEAP = Map.of("debezium-snapshot", "-Xmx2g");

    private static final Duration LONGEST = Duration.ofMinutes(15);

    private BaselineProcess() {}

    /**
     * What a baseline came to.
     *
     * @param result rows and seconds
     * @param use what its processes did
     */
    record Run(BaselineResult result, String use) {}

    /** Runs it to its end. */
    static Run run(Stage stage, LakeAddress lake, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Baseline.class.getName()));
        command.addAll(List.of(arguments));
        String name = "baseline " + arguments[0];
        List<String> flags = new ArrayList<>(FLAGS);
        flags.add(MORE_HEAP.getOrDefault(arguments[0], HEAP));
        try (RunningProcess process = stage.workspace()
                .start(
                        name,
                        stage.checkout()
                                .java("bench", lake.dataDirectory(), flags, command, lake.sourceEnvironment()))) {
            Map<String, List<Long>> processes = new LinkedHashMap<>();
            processes.put(arguments[0], List.of(process.pid()));
            processes.put("Postgres", List.of(lake.postmaster()));
            try (ProcessorUse use = ProcessorUse.of(processes)) {
                process.awaitSuccess(LONGEST);
                stage.workspace().forget(process);
                return new Run(BaselineResult.read(process.output(), name), use.end());
            }
        }
    }
}
