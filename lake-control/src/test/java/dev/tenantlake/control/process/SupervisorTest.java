package dev.tenantlake.control.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On real processes, small ones. */
class SupervisorTest {

    private static final Backoff QUICK =
            new Backoff(Duration.ofMillis(10), Duration.ofMillis(40), Duration.ofMinutes(1));

    @TempDir
    private Path directory;

    private final List<ServiceStatus> seen = new CopyOnWriteArrayList<>();
    private final Supervisor supervisor =
            new Supervisor(QUICK, Duration.ofSeconds(30), statuses -> seen.addAll(statuses));

    @AfterEach
    void stopAll() {
        supervisor.close();
    }

    @Test
    void startsAServiceAgainThatDied() {
        supervisor.start(service("shop", "run"));
        awaitState("shop", ServiceState.RUNNING);
        ProcessIdentity first = supervisor.status("shop").process().orElseThrow();
        first.find().orElseThrow().destroyForcibly();
        SmallProcess.await(
                "it runs again",
                () -> supervisor
                        .status("shop")
                        .process()
                        .filter(process -> !process.equals(first))
                        .isPresent());
        assertThat(supervisor.status("shop").restarts()).isEqualTo(1);
        assertThat(supervisor.status("shop").lastError()).isPresent();
        assertThat(seen)
                .anyMatch(status -> status.state() == ServiceState.BACKING_OFF
                        && status.nextStartAt().isPresent()
                        && status.process().isEmpty());
    }

    @Test
    void saysWhyAServiceDiesAndWaitsLongerEachTime() {
        supervisor.start(service("shop", "exit", "1", "shop: the door is stuck; mend it"));
        SmallProcess.await(
                "it died three times", () -> supervisor.status("shop").restarts() >= 3);
        assertThat(supervisor.status("shop").lastError()).contains("the door is stuck; mend it");
        List<Duration> waits = seen.stream()
                .filter(status -> status.state() == ServiceState.BACKING_OFF)
                .distinct()
                .map(status ->
                        Duration.between(status.since(), status.nextStartAt().orElseThrow()))
                .toList();
        assertThat(waits.subList(0, 3))
                .containsExactly(Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(40));
    }

    @Test
    void doesNotStartAServiceAgainThatWasCalledWrongly() {
        supervisor.start(service("shop", "exit", "2", "shop: no such option"));
        awaitState("shop", ServiceState.FAILED);
        assertThat(supervisor.status("shop").restarts()).isZero();
        assertThat(supervisor.status("shop").lastError()).contains("no such option");
        assertThat(SmallProcess.notes(notes())).containsExactly("start shop");
    }

    @Test
    void runsATaskOnce() {
        assertThat(supervisor
                        .runOnce(service("good", "exit", "0", "good: done"))
                        .state())
                .isEqualTo(ServiceState.DONE);
        ServiceStatus bad = supervisor.runOnce(service("bad", "exit", "1", "bad: not done"));
        assertThat(bad.state()).isEqualTo(ServiceState.FAILED);
        assertThat(bad.lastError()).contains("not done");
        assertThat(SmallProcess.notes(notes())).containsExactly("start good", "start bad");
    }

    @Test
    void runsATaskAgainThatFailedSinceWhatItNeedsHadDied() throws Exception {
        AtomicBoolean isBack = new AtomicBoolean();
        ServiceDefinition task = service("task", "exit", "1", "task: nobody answers")
                .when(() -> SmallProcess.notes(notes()).size() != 1 || isBack.get());
        CompletableFuture<ServiceStatus> end = CompletableFuture.supplyAsync(() -> supervisor.runOnce(task));
        SmallProcess.await("it has failed", () -> SmallProcess.notes(notes()).size() == 1);
        SmallProcess.await("it waits", () -> supervisor.status("task").state() == ServiceState.WAITING);
        assertThat(supervisor.status("task").lastError()).contains("nobody answers");
        isBack.set(true);
        assertThat(end.get(20, TimeUnit.SECONDS).state()).isEqualTo(ServiceState.FAILED);
        assertThat(SmallProcess.notes(notes())).containsExactly("start task", "start task");
    }

    @Test
    void stopsInOrderAndWaitsForEach() {
        for (String name : List.of("store", "writer", "reader")) {
            supervisor.start(service(name, "run"));
        }
        SmallProcess.await("all run", () -> SmallProcess.notes(notes()).size() == 3);
        supervisor.stopAll(List.of("writer", "not there", "reader", "store"));
        assertThat(SmallProcess.notes(notes()).subList(3, 6))
                .containsExactly("stop writer", "stop reader", "stop store");
        assertThat(supervisor.statuses())
                .allMatch(status -> status.state() == ServiceState.STOPPED)
                .allMatch(status -> status.process().isEmpty());
    }

    @Test
    void startsNothingMoreOnceItIsStopped() {
        supervisor.stopAll(List.of());
        supervisor.start(service("late", "run"));
        awaitState("late", ServiceState.STOPPED);
        assertThat(supervisor.runOnce(service("later", "run")).state()).isEqualTo(ServiceState.STOPPED);
        assertThat(SmallProcess.notes(notes())).isEmpty();
    }

    @Test
    void waitsForWhatAServiceNeedsAndUntilItAnswers() {
        AtomicBoolean mayStart = new AtomicBoolean();
        AtomicBoolean answers = new AtomicBoolean();
        supervisor.start(service("shop", "run").when(mayStart::get).answeringWhen(process -> answers.get()));
        assertThat(supervisor.status("shop").state()).isEqualTo(ServiceState.WAITING);
        mayStart.set(true);
        SmallProcess.await("it has started", () -> SmallProcess.notes(notes()).contains("start shop"));
        assertThat(supervisor.status("shop").state()).isEqualTo(ServiceState.STARTING);
        answers.set(true);
        awaitState("shop", ServiceState.RUNNING);
    }

    @Test
    void clearsAwayWhatADeadServiceHadStarted() {
        AtomicBoolean cleared = new AtomicBoolean();
        supervisor.start(service("shop", "spawn").clearingAway(() -> cleared.set(true)));
        SmallProcess.await(
                "the child was seen",
                () -> !supervisor.status("shop").descendants().isEmpty());
        ServiceStatus before = supervisor.status("shop");
        before.process().orElseThrow().find().orElseThrow().destroyForcibly();
        SmallProcess.await(
                "it is started again", () -> supervisor.status("shop").restarts() == 1);
        assertThat(before.descendants()).noneMatch(ProcessIdentity::isAlive);
        assertThat(cleared).isTrue();
    }

    @Test
    void saysThatAProgramIsMissing() {
        Path log = directory.resolve("log");
        ServiceDefinition missing = ServiceDefinition.of(
                "shop", "shop", () -> new ProcessBuilder("/nonexistent/java"), new ServiceLog(log));
        assertThat(supervisor.runOnce(missing).lastError().orElseThrow()).contains("/nonexistent/java");
    }

    private void awaitState(String name, ServiceState state) {
        SmallProcess.await(name + " is " + state, () -> supervisor.status(name).state() == state);
    }

    private ServiceDefinition service(String name, String... what) {
        List<String> arguments = new ArrayList<>(List.of(name));
        arguments.addAll(List.of(what));
        return ServiceDefinition.of(
                name,
                name,
                () -> SmallProcess.command(notes(), arguments.toArray(String[]::new)),
                new ServiceLog(directory.resolve(name + ".log")));
    }

    private Path notes() {
        return directory.resolve("notes");
    }
}
