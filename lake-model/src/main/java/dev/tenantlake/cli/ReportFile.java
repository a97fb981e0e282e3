package dev.tenantlake.cli;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that a report is written to at the end of something that takes its time. */
public final class ReportFile {

    private final Path file;

    private ReportFile(Path file) {
        this.file = requireNonNull(file, "file");
    }

    /**
     * The file, when it is certain that a report can be written to it.
     *
     * @param option the command's option that names it
     * @throws LakeException of kind {@code WRONG_USAGE} if it cannot
     */
    public static ReportFile require(String option, Path file) {
        Path parent = parent(file);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE, option + " " + file + " is not a file: expected a file's name");
        }
        try {
            Files.delete(Files.createTempFile(parent, ".tenantlake", ".tmp"));
        } catch (IOException e) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    option + " " + file + " cannot be written: " + parent + " is not a directory that this user may"
                            + " write to",
                    e);
        }
        return new ReportFile(file);
    }

    /** The file beside it with the same name but for this extension, which may be the file itself. */
    public ReportFile withExtension(String extension) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return new ReportFile(file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + "." + extension));
    }

    /** Writes the report in one step: the file holds the old one or the new one, whole. */
    public void write(String text) {
        Path next = parent(file).resolve("." + file.getFileName() + ".next");
        try {
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LakeException(
                    LakeException.Kind.UNAVAILABLE,
                    "the report cannot be written to " + file + ": " + e.getMessage(),
                    e);
        }
    }

    /** Its path, for a person. */
    @Override
    public String toString() {
        return file.toString();
    }

    private static Path parent(Path file) {
        return file.toAbsolutePath().getParent();
    }
}
