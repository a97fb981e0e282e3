package dev.tenantlake.control;

import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.run.Modules;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which lake on this machine a command is about. */
final class DataDirectoryOption {

    private static final String VARIABLE = "TENANTLAKE_DATA_DIR";

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "The directory that the lake is kept in; else that of the variable " + VARIABLE
                    + ", else .tenantlake in the checkout.")
    private Path dataDirectory;

    /** The directory that was named, or the default. */
    DataDirectory directory(Modules modules) {
        if (dataDirectory != null) {
            return new DataDirectory(dataDirectory);
        }
        String variable = System.getenv(VARIABLE);
        return new DataDirectory(
                variable == null || variable.isBlank() ? modules.home().resolve(".tenantlake") : Path.of(variable));
    }
}
