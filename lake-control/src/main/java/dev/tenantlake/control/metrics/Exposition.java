package dev.tenantlake.control.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts in Prometheus' format made one: each family is declared once, with the samples of all processes that tell of it,
 * and a label on each sample says which process. Plain concatenation would declare the JVM's families three times, which
 * no reader takes.
 */
final class Exposition {

    private static final Pattern DECLARATION = Pattern.compile("# (HELP|TYPE) (\\S+) ?(.*)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(.*)})?\\s+(\\S+)(\\s+\\S+)?");
    /** What the samples of a summary, a histogram or a counter may have behind the family's name. */
    private static final List<String> SUFFIXES = List.of("_bucket", "_count", "_sum", "_created", "_total");

    /** In the order in which they came. */
    private final Map<String, Family> families = new LinkedHashMap<>();

    /**
     * Adds a process's text as it is.
     *
     * @throws IllegalArgumentException if a line is none of the format
     */
    void add(String text) {
        read(text, "");
    }

    /**
     * Adds a process's text, with a label on each sample that says whose it is.
     *
     * @throws IllegalArgumentException if a line is none of the format
     */
    void add(String text, String service) {
        read(text, "service=\"" + service + "\"");
    }

    private void read(String text, String label) {
        Map<String, Family> here = new LinkedHashMap<>();
        for (String line : text.split("\n")) {
            Matcher declaration = DECLARATION.matcher(line);
            if (declaration.matches()) {
                here.computeIfAbsent(declaration.group(2), Family::new)
                        .declare(declaration.group(1), declaration.group(3));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                Matcher sample = SAMPLE.matcher(line.strip());
                if (!sample.matches()) {
                    throw new IllegalArgumentException("no sample in Prometheus' format: " + line);
                }
                familyOf(sample.group(1), here).samples.add(labelled(sample, label));
            }
        }
        here.forEach((name, family) -> families.merge(name, family, Family::with));
    }

    /** The whole text. */
    String text() {
        StringBuilder text = new StringBuilder();
        families.values().forEach(family -> family.print(text));
        return text.toString();
    }

    private static Family familyOf(String sample, Map<String, Family> declared) {
        if (!declared.containsKey(sample)) {
            for (String suffix : SUFFIXES) {
                String name = sample.endsWith(suffix) ? sample.substring(0, sample.length() - suffix.length()) : "";
                if (declared.containsKey(name)) {
                    return declared.get(name);
                }
            }
        }
        return declared.computeIfAbsent(sample, Family::new);
    }

    private static String labelled(Matcher sample, String label) {
        String labels = sample.group(3) == null ? "" : sample.group(3).replaceAll(",\\s*$", "");
        String all = label.isEmpty() || labels.isEmpty() ? label + labels : label + "," + labels;
        return sample.group(1) + (all.isEmpty() ? "" : "{" + all + "}") + " " + sample.group(4)
                + (sample.group(5) == null ? "" : sample.group(5));
    }

    private static final class Family {

        private final String name;
        private final List<String> samples = new ArrayList<>();
        private String help = "";
        private String type = "";

        Family(String name) {
            this.name = name;
        }

        void declare(String what, String value) {
            if (what.equals("HELP")) {
                help = value;
            } else {
                type = value;
            }
        }

        /** With the samples of another process; one that means something else by the name is left out. */
        Family with(Family other) {
            if (other.type.equals(type)) {
                samples.addAll(other.samples);
            }
            return this;
        }

        void print(StringBuilder text) {
            if (!help.isEmpty()) {
                text.append("# HELP ").append(name).append(' ').append(help).append('\n');
            }
            if (!type.isEmpty()) {
                text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
            }
            samples.forEach(sample -> text.append(sample).append('\n'));
        }
    }
}
