package dev.tenantlake.control.process;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a service is at a moment.
 *
 * @param name the module's name
 * @param state what it is doing
 * @param process its process, if one runs
 * @param descendants what that has started, as last seen
 * @param restarts how many times it was started again after it had died
 * @param lastError one line on why it last died, if it ever did
 * @param startedAt when its process was last started
 * @param since when it came to be in this state
 * @param nextStartAt when it is started again, if it is backing off
 */
public record ServiceStatus(
        String name,
        ServiceState state,
        Optional<ProcessIdentity> process,
        List<ProcessIdentity> descendants,
        int restarts,
        Optional<String> lastError,
        Optional<Instant> startedAt,
        Instant since,
        Optional<Instant> nextStartAt) {

    public ServiceStatus {
        requireNonNull(name, "name");
        requireNonNull(state, "state");
        requireNonNull(process, "process");
        descendants = List.copyOf(descendants);
        requireNonNull(lastError, "lastError");
        requireNonNull(startedAt, "startedAt");
        requireNonNull(since, "since");
        requireNonNull(nextStartAt, "nextStartAt");
    }

    static ServiceStatus waiting(String name) {
        return new ServiceStatus(
                name,
                ServiceState.WAITING,
                Optional.empty(),
                List.of(),
                0,
                Optional.empty(),
                Optional.empty(),
                Instant.now(),
                Optional.empty());
    }

    /** How long it took from its start to this state; zero if it was never started. */
    public Duration took() {
        return startedAt.map(start -> Duration.between(start, since)).orElse(Duration.ZERO);
    }

    ServiceStatus started(ProcessIdentity identity) {
        Instant now = Instant.now();
        return new ServiceStatus(
                name,
                ServiceState.STARTING,
                Optional.of(identity),
                List.of(),
                restarts,
                lastError,
                Optional.of(now),
                now,
                Optional.empty());
    }

    ServiceStatus running() {
        return new ServiceStatus(
                name,
                ServiceState.RUNNING,
                process,
                descendants,
                restarts,
                lastError,
                startedAt,
                Instant.now(),
                Optional.empty());
    }

    ServiceStatus withDescendants(List<ProcessIdentity> seen) {
        return new ServiceStatus(name, state, process, seen, restarts, lastError, startedAt, since, nextStartAt);
    }

    ServiceStatus backingOff(String error, Duration delay) {
        Instant now = Instant.now();
        return new ServiceStatus(
                name,
                ServiceState.BACKING_OFF,
                Optional.empty(),
                List.of(),
                restarts,
                Optional.of(error),
                startedAt,
                now,
                Optional.of(now.plus(delay)));
    }

    ServiceStatus waitingAgain() {
        return new ServiceStatus(
                name,
                ServiceState.WAITING,
                Optional.empty(),
                List.of(),
                restarts + 1,
                lastError,
                startedAt,
                Instant.now(),
                Optional.empty());
    }

    ServiceStatus failed(String error) {
        return ended(ServiceState.FAILED, Optional.of(error));
    }

    ServiceStatus done() {
        return ended(ServiceState.DONE, lastError);
    }

    ServiceStatus stopped() {
        return ended(ServiceState.STOPPED, lastError);
    }

    private ServiceStatus ended(ServiceState end, Optional<String> error) {
        return new ServiceStatus(
                name, end, Optional.empty(), List.of(), restarts, error, startedAt, Instant.now(), Optional.empty());
    }
}
