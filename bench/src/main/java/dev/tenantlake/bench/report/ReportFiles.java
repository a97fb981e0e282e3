package dev.tenantlake.bench.report;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** Where a report is kept: as Markdown for people, and beside it as JSON, from which it can be read again. */
public final class ReportFiles {

    private static final String SUFFIX = ".md";

    private final Path markdown;
    private final Path json;

    /** @throws LakeException of kind {@code WRONG_USAGE} if the file is not one of Markdown */
    public ReportFiles(Path markdown) {
        this.markdown = requireNonNull(markdown, "markdown").toAbsolutePath().normalize();
        String name = this.markdown.getFileName().toString();
        if (!name.endsWith(SUFFIX)) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--out is '" + markdown + "': expected a file whose name ends in " + SUFFIX);
        }
        this.json = this.markdown.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + ".json");
    }

    /** What was written before, or empty if nothing was, or nothing that can still be read. */
    public Optional<BenchReport> read() {
        try {
            return Optional.of(LakeJson.read(Files.readAllBytes(json), BenchReport.class, json.toString()));
        } catch (NoSuchFileException | LakeException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Writes the rows that were measured, and keeps those that were measured before and are of the same machine.
     *
     * @param order the names of all rows
     * @return the Markdown file
     */
    public Path write(BenchReport measured, List<String> order) {
        BenchReport report = measured.over(read(), order);
        try {
            Files.createDirectories(markdown.getParent());
            replace(json, LakeJson.pretty(report) + "\n");
            replace(markdown, MarkdownReport.of(report));
        } catch (IOException e) {
            throw failure(e);
        }
        return markdown;
    }

    private static void replace(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.write(next, text.getBytes(StandardCharsets.UTF_8));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private LakeException failure(IOException e) {
        return new LakeException(
                LakeException.Kind.UNFIT, "the report " + markdown + " cannot be written: " + e.getMessage(), e);
    }
}
