package dev.tenantlake.control;

import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.run.Modules;
import java.nio.file.Path;
import java.util.Optional;
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
        return named().orElseGet(() -> new DataDirectory(modules.home().resolve(".tenantlake")));
    }

    /** The directory that was named, by the option or by the variable. */
    Optional<DataDirectory> named() {
        return Optional.ofNullable(dataDirectory)
                .or(() -> Optional.ofNullable(System.getenv(VARIABLE))
                        .filter(variable -> !variable.isBlank())
                        .map(Path::of))
                .map(DataDirectory::new);
    }
}
