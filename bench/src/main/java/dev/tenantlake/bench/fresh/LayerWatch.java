package dev.tenantlake.bench.fresh;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.AthenaSession;
import dev.tenantlake.model.AthenaSession.Answer;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Sees when probes come to a layer. It asks Athena only when the layer's own record says that a probe is there, so that
 * the asking does not load the machine; the probe is seen when the answer that holds it is there.
 */
final class LayerWatch implements Runnable {

    /** After so long without the probe in the answer, though the layer's record says that it is there, it asks again. */
    private static final Duration ASK_AGAIN = Duration.ofMillis(500);

    private static final Duration LONGEST = Duration.ofMinutes(3);

    private final Layer layer;
    private final Supplier<Optional<Lsn>> reached;
    private final Duration poll;
    private final AthenaSession athena;
    private final Function<List<String>, String> question;
    private final List<Probe> pending = new ArrayList<>();
    private final List<Sighting> sightings = new ArrayList<>();
    private boolean last;
    private long lastAskedNanos = System.nanoTime() - ASK_AGAIN.toNanos();
    private int questions;

    /**
     * When a probe was seen.
     *
     * @param committedNanos when its commit was asked for
     * @param held seconds from then until the layer's record said that it is there
     * @param seen seconds from then until Athena's answer held it
     */
    record Sighting(long committedNanos, double held, double seen) {}

    /**
     * @param reached how far the layer is by its own record
     * @param poll how often that is read
     * @param question the statement whose result's first column holds those of the currencies that are there
     */
    LayerWatch(
            Layer layer,
            Supplier<Optional<Lsn>> reached,
            Duration poll,
            AthenaSession athena,
            Function<List<String>, String> question) {
        this.layer = requireNonNull(layer, "layer");
        this.reached = requireNonNull(reached, "reached");
        this.poll = requireNonNull(poll, "poll");
        this.athena = requireNonNull(athena, "athena");
        this.question = requireNonNull(question, "question");
    }

    Layer layer() {
        return layer;
    }

    /** A probe to be watched for. */
    synchronized void expect(Probe probe) {
        pending.add(probe);
    }

    /** There will be no more. */
    synchronized void expectNoMore() {
        last = true;
    }

    synchronized List<Sighting> sightings() {
        return List.copyOf(sightings);
    }

    /** How many questions Athena was asked. */
    synchronized int questions() {
        return questions;
    }

    /** Watches until every probe was seen; fails if one is not seen in time. */
    @Override
    public void run() {
        while (!isDone()) {
            List<Probe> there = there();
            if (!there.isEmpty() && System.nanoTime() - lastAskedNanos >= ASK_AGAIN.toNanos()) {
                ask(there, System.nanoTime());
            } else {
                LockSupport.parkNanos(poll.toNanos());
            }
        }
    }

    private synchronized boolean isDone() {
        if (!pending.isEmpty() && System.nanoTime() - pending.get(0).committedNanos() > LONGEST.toNanos()) {
            throw new LakeException(
                    LakeException.Kind.TIMEOUT,
                    "order " + pending.get(0).currency() + " was not seen in " + layer.database() + " within "
                            + LONGEST.toSeconds() + " s of its commit");
        }
        return last && pending.isEmpty();
    }

    /** The probes that are in the layer by its record. */
    private List<Probe> there() {
        synchronized (this) {
            if (pending.isEmpty()) {
                return List.of();
            }
        }
        Optional<Lsn> now = reached.get();
        synchronized (this) {
            return pending.stream()
                    .filter(probe -> now.isPresent() && probe.notBefore().compareTo(now.get()) <= 0)
                    .toList();
        }
    }

    private void ask(List<Probe> probes, long heldNanos) {
        Answer answer =
                athena.ask(question.apply(probes.stream().map(Probe::currency).toList()));
        long seenNanos = System.nanoTime();
        Set<String> there = answer.rows().stream().map(row -> row.get(0)).collect(Collectors.toSet());
        synchronized (this) {
            questions++;
            List<Probe> seen = probes.stream()
                    .filter(probe -> there.contains(probe.currency()))
                    .collect(Collectors.toList());
            for (Probe probe : seen) {
                sightings.add(new Sighting(
                        probe.committedNanos(),
                        (heldNanos - probe.committedNanos()) / 1e9,
                        (seenNanos - probe.committedNanos()) / 1e9));
            }
            pending.removeAll(seen);
            lastAskedNanos = seen.size() == probes.size() ? seenNanos - ASK_AGAIN.toNanos() : seenNanos;
        }
    }
}
