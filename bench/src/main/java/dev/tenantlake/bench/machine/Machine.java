package dev.tenantlake.bench.machine;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The machine on which figures were measured, and the versions of what was measured. Nothing in it changes from one run
 * to the next.
 *
 * @param processor its model
 * @param cores how many logical processors there are
 * @param memoryBytes of physical memory
 * @param disk of the folder that held the data: file system, and the models of the machine's disks
 * @param operatingSystem its name, version and kernel
 * @param jdks by major version, the JDKs that ran it
 * @param versions by name, those of the parts
 */
public record Machine(
        String processor,
        int cores,
        long memoryBytes,
        String disk,
        String operatingSystem,
        Map<String, String> jdks,
        Map<String, String> versions) {

    public Machine {
        requireNonNull(processor, "processor");
        requireNonNull(disk, "disk");
        requireNonNull(operatingSystem, "operatingSystem");
        jdks = new TreeMap<>(jdks);
        versions = new TreeMap<>(versions);
    }

    /** For a person, by what each line is about. */
    public Map<String, String> lines() {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("processor", processor);
        lines.put("cores", Integer.toString(cores));
        lines.put("memory", String.format(Locale.ROOT, "%.1f GiB", memoryBytes / (double) (1L << 30)));
        lines.put("disk", disk);
        lines.put("operating system", operatingSystem);
        jdks.forEach((version, jdk) -> lines.put("JDK " + version, jdk));
        versions.forEach(lines::put);
        return lines;
    }
}
