package dev.tenantlake.control;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.LakeShutdown;
import dev.tenantlake.control.run.LakeStart;
import dev.tenantlake.control.terminal.Terminal;
import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The lake of one command. It is stopped when the command ends, however it ends, unless it is to be kept; a Ctrl-C stops
 * it too, and removes its data unless somebody named the directory.
 */
final class TemporaryLake implements AutoCloseable {

    private final DataDirectory directory;
    private final boolean named;
    private final Terminal terminal;
    private final Thread onInterrupt = new Thread(this::stopAndRemove, "interrupted");
    private boolean remove;
    private boolean keep;
    private volatile boolean interrupted;

    private TemporaryLake(DataDirectory directory, boolean named, Terminal terminal) {
        this.directory = requireNonNull(directory, "directory");
        this.named = named;
        this.terminal = requireNonNull(terminal, "terminal");
    }

    /** Makes an empty one where temporary files lie. */
    static TemporaryLake create(String prefix, Terminal terminal) throws IOException {
        return open(new DataDirectory(Files.createTempDirectory(prefix)), false, terminal);
    }

    /**
     * One in a directory that somebody named.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if it holds a lake already
     */
    static TemporaryLake in(DataDirectory directory, Terminal terminal) {
        if (directory.holdsLake()) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "the data directory " + directory.root()
                            + " holds a lake already, and this one begins with nothing:"
                            + " name another with --data-dir");
        }
        return open(directory, true, terminal);
    }

    private static TemporaryLake open(DataDirectory directory, boolean named, Terminal terminal) {
        directory.create();
        TemporaryLake lake = new TemporaryLake(directory, named, terminal);
        Runtime.getRuntime().addShutdownHook(lake.onInterrupt);
        return lake;
    }

    DataDirectory directory() {
        return directory;
    }

    /** Nobody will want to look at the data: it is removed when the lake is stopped. */
    void removeAtEnd() {
        remove = true;
    }

    /** The lake is left running, if it runs when the command ends. */
    void keepRunning() {
        keep = true;
    }

    /** Stops the lake, unless it is to be left running. */
    @Override
    public void close() {
        while (interrupted) {
            // The lake was taken away from under the command; what that makes of it is of no interest.
            LockSupport.park();
        }
        if (keep && LakeStart.isRunning(directory)) {
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
            terminal.say("The lake is left running on " + directory.root() + "; go on with");
            terminal.say("  export TENANTLAKE_DATA_DIR="
                    + ShellLines.quote(directory.root().toString()));
            terminal.say("  ./tenantlake status        and at the end: ./tenantlake down");
            return;
        }
        terminal.waitingFor("the services are stopping");
        new LakeShutdown(directory).stop();
        Runtime.getRuntime().removeShutdownHook(onInterrupt);
        if (remove) {
            remove();
            terminal.say("Everything that was started is stopped, and " + directory.root() + " is removed.");
        } else {
            terminal.say("Everything that was started is stopped; data and logs are kept in " + directory.root());
        }
    }

    /** What a Ctrl-C has the process do, whatever the command is in the middle of. */
    private void stopAndRemove() {
        interrupted = true;
        terminal.say("Interrupted: stopping what was started ...");
        try {
            new LakeShutdown(directory).stop();
            if (!named) {
                remove();
            }
        } catch (LakeException e) {
            terminal.say("tenantlake: " + e.getMessage());
        }
    }

    private void remove() {
        try (Stream<Path> files = Files.walk(directory.root())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            terminal.say("tenantlake: " + directory.root() + " could not be removed: " + e.getMessage());
        }
    }
}
