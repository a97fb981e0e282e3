package dev.tenantlake.control.run;

import dev.tenantlake.model.LakeException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a process that goes on when the terminal and the command that started it are gone. */
final class DetachedProcess {

    /** Its own process group, deaf to a Ctrl-C and a hang-up meant for the command in the foreground. */
    private static final String SCRIPT =
            "trap '' INT HUP; set -m; log=$1; shift; \"$@\" >>\"$log\" 2>&1 </dev/null &" + " echo $!";

    private DetachedProcess() {}

    /**
     * Starts it.
     *
     * @param log what its output is appended to
     * @return its process id
     */
    static long start(ProcessBuilder builder, Path log) {
        List<String> command = new ArrayList<>(List.of("bash", "-c", SCRIPT, "bash", log.toString()));
        command.addAll(builder.command());
        try {
            Process shell = builder.command(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            String pid = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            shell.waitFor();
            return Long.parseLong(pid);
        } catch (IOException | NumberFormatException e) {
            throw new LakeException(
                    LakeException.Kind.UNFIT, "the supervisor cannot be started with bash: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}
