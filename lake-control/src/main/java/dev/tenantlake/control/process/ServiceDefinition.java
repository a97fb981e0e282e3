package dev.tenantlake.control.process;

import static java.util.Objects.requireNonNull;

import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A service: what it is called, how it is started, and how one knows that it answers.
 *
 * @param name the module's name
 * @param program the name that its command gives itself when it says why it ended
 * @param command makes the command to start it with; asked each time, and only when {@code mayStart} has said yes
 * @param log where its output goes
 * @param mayStart whether what it needs is there
 * @param answers whether the process does what it was started for
 * @param afterDeath clears away what a process left that ended without being told to
 */
public record ServiceDefinition(
        String name,
        String program,
        Supplier<ProcessBuilder> command,
        ServiceLog log,
        BooleanSupplier mayStart,
        Predicate<ProcessIdentity> answers,
        Runnable afterDeath) {

    public ServiceDefinition {
        requireNonNull(name, "name");
        requireNonNull(program, "program");
        requireNonNull(command, "command");
        requireNonNull(log, "log");
        requireNonNull(mayStart, "mayStart");
        requireNonNull(answers, "answers");
        requireNonNull(afterDeath, "afterDeath");
    }

    /** A service that needs nothing, and answers as soon as its process runs. */
    public static ServiceDefinition of(String name, String program, Supplier<ProcessBuilder> command, ServiceLog log) {
        return new ServiceDefinition(name, program, command, log, () -> true, process -> true, () -> {});
    }

    /** The same, started only when that holds. */
    public ServiceDefinition when(BooleanSupplier holds) {
        return new ServiceDefinition(name, program, command, log, holds, answers, afterDeath);
    }

    /** The same, with this to tell whether its process answers. */
    public ServiceDefinition answeringWhen(Predicate<ProcessIdentity> answering) {
        return new ServiceDefinition(name, program, command, log, mayStart, answering, afterDeath);
    }

    /** The same, with this to be done when its process died. */
    public ServiceDefinition clearingAway(Runnable leftovers) {
        return new ServiceDefinition(name, program, command, log, mayStart, answers, leftovers);
    }
}
