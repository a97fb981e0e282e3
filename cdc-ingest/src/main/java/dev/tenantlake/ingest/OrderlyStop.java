package dev.tenantlake.ingest;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a run when the process is told to end, by SIGTERM or Ctrl-C, and lets the process exit with 0 then. */
final class OrderlyStop {

    private static final Logger LOG = LoggerFactory.getLogger(OrderlyStop.class);
    private static final Duration AT_MOST = Duration.ofSeconds(4);

    private OrderlyStop() {}

    /** From now on, the end of the process stops this run first. */
    static void install(Ingest ingest) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(ingest), "orderly-stop"));
    }

    private static void stop(Ingest ingest) {
        if (ingest.hasEnded()) {
            return;
        }
        try {
            if (!ingest.stop(AT_MOST)) {
                // As a crash would, and that is safe: the next run resumes after the last epoch.
                ingest.removeFiles();
                LOG.info("event=stopped_in_the_middle");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("event=files_left reason=\"{}\"", e.getMessage());
        }
        // A process that ends by a signal would report the signal as its exit code.
        Runtime.getRuntime().halt(0);
    }
}
