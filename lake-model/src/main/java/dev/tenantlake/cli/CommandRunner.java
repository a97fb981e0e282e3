package dev.tenantlake.cli;

import dev.tenantlake.model.LakeException;
import java.io.PrintWriter;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Runs a command of any of the command lines, so that all of them end alike: 0 when it is done, 1 when it failed, 2
 * when it was called wrongly, and with one line on standard error that says why. Stack traces go to the log, at debug.
 */
public final class CommandRunner {

    private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);

    private CommandRunner() {}

    /**
     * Runs a command.
     *
     * @param command an object with picocli's {@code @Command}
     * @return the exit code
     */
    public static int run(Object command, String... arguments) {
        CommandLine commandLine = new CommandLine(command);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.registerConverter(Duration.class, new DurationConverter());
        giveVersion(commandLine);
        commandLine.setParameterExceptionHandler((exception, args) -> {
            CommandLine failed = exception.getCommandLine();
            say(
                    failed,
                    exception.getMessage() + " (see " + failed.getCommandSpec().qualifiedName() + " --help)");
            return CommandLine.ExitCode.USAGE;
        });
        commandLine.setExecutionExceptionHandler((exception, failed, parsed) -> {
            LOG.debug("event=command_failed command={}", failed.getCommandName(), exception);
            say(failed, message(exception));
            return exception instanceof LakeException known ? known.kind().exitCode() : CommandLine.ExitCode.SOFTWARE;
        });
        return commandLine.execute(arguments);
    }

    private static void giveVersion(CommandLine commandLine) {
        commandLine.getCommandSpec().versionProvider(new BuildVersion());
        commandLine.getSubcommands().values().forEach(CommandRunner::giveVersion);
    }

    private static void say(CommandLine commandLine, String message) {
        PrintWriter err = commandLine.getErr();
        err.println(commandLine.getCommandSpec().root().name() + ": "
                + message.lines().findFirst().orElse(""));
        err.flush();
    }

    /** One line for a person; what is not ours is named by its class, since its message was not written for them. */
    static String message(Exception exception) {
        if (exception instanceof LakeException) {
            return exception.getMessage();
        }
        if (exception instanceof AwsServiceException service && service.awsErrorDetails() != null) {
            return service.awsErrorDetails().serviceName() + " refused the call: "
                    + service.awsErrorDetails().errorCode() + ": "
                    + service.awsErrorDetails().errorMessage();
        }
        if (exception instanceof SdkClientException) {
            return "a service of AWS cannot be reached: " + exception.getMessage()
                    + "; check AWS_ENDPOINT_URL and the credentials";
        }
        return "failed: " + exception.getClass().getSimpleName() + ": " + exception.getMessage();
    }
}
