package dev.tenantlake.etl;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the layers' loops: once, one after the other; continuously, side by side, so that silver takes in the next
 * epochs while gold is computed of the last ones. When one of them ends for good, so does the job.
 */
final class LakeLoop {

    private static final Logger LOG = LoggerFactory.getLogger(LakeLoop.class);

    private final JobOptions.Mode mode;
    private final List<LayerLoop> layers;
    private final OrderlyStop stop;

    /**
     * The loop.
     *
     * @param layers a layer after the one that it is built from
     */
    LakeLoop(JobOptions.Mode mode, List<LayerLoop> layers, OrderlyStop stop) {
        this.mode = requireNonNull(mode, "mode");
        this.layers = List.copyOf(layers);
        this.stop = requireNonNull(stop, "stop");
    }

    /**
     * Runs the loops.
     *
     * @throws LakeException as {@link LayerLoop#run()}
     */
    void run() {
        if (mode == JobOptions.Mode.ONCE) {
            layers.forEach(LayerLoop::run);
        } else {
            sideBySide();
        }
        if (stop.isRequested()) {
            LOG.info("event=stopped");
        }
    }

    private void sideBySide() {
        List<FutureTask<Void>> running = layers.stream()
                .map(layer -> new FutureTask<Void>(() -> runOrStopAll(layer), null))
                .toList();
        running.forEach(task -> new Thread(task, "layer").start());
        RuntimeException failure = null;
        for (FutureTask<Void> task : running) {
            try {
                task.get();
            } catch (ExecutionException e) {
                failure = failure == null ? unwrapped(e) : failure;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                stop.request();
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** The other layers finish the commit in hand, too. */
    private void runOrStopAll(LayerLoop layer) {
        try {
            layer.run();
        } finally {
            stop.request();
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        return e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
    }
}
