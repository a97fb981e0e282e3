package dev.tenantlake.local;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs everything in the foreground until it is told to stop. */
@Command(
        name = "run",
        description = {
            "Runs everything in the foreground until SIGTERM or Ctrl-C.",
            "When all but the query engine answers, DIR/local-aws.json says where."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  local-aws run --data-dir .tenantlake",
            "  local-aws run --data-dir /tmp/lake --port 0 --no-query-engine",
        })
final class RunCommand implements Callable<Integer> {

    @Option(
            names = "--data-dir",
            required = true,
            paramLabel = "DIR",
            description = "Where everything is kept between runs.")
    private Path dataDirectory;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "4870",
            description = "Port of the AWS services; S3 has the next, Postgres the one after that."
                    + " 0: any that are free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--bucket",
            paramLabel = "NAME",
            defaultValue = "${env:TENANTLAKE_BUCKET:-tenantlake}",
            description = "The lake's bucket (default: ${DEFAULT-VALUE}).")
    private String bucket;

    @Option(names = "--no-query-engine", description = "Leaves the query engine out; queries fail.")
    private boolean noQueryEngine;

    @Option(
            names = "--durable",
            description = "Postgres waits for the disk at each commit. Without it, commits survive the end of any"
                    + " process, but not of the machine.")
    private boolean durable;

    @Option(
            names = "--stop-at-end-of-input",
            description = "Stops, as at SIGTERM, when its standard input ends: with the process that started it.")
    private boolean stopAtEndOfInput;

    @Option(
            names = {"-v", "--verbose"},
            description = "Logs more.")
    private boolean verbose;

    @Override
    public Integer call() throws InterruptedException {
        if (verbose) {
            ((Logger) LoggerFactory.getLogger("dev.tenantlake")).setLevel(Level.DEBUG);
        }
        try (LocalStack stack = LocalStack.start(new LocalAwsOptions(
                dataDirectory, port, bucket, !noQueryEngine, durable, CacheDirectory.locate(System.getenv())))) {
            CompletableFuture<Optional<String>> end = stack.failure().thenApply(Optional::of);
            if (stopAtEndOfInput) {
                onEndOfInput(() -> end.complete(Optional.empty()));
            }
            AtomicBoolean failed = new AtomicBoolean();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stack, failed), "stop"));
            Optional<String> failure = get(end);
            if (failure.isPresent()) {
                failed.set(true);
                throw new LakeException(LakeException.Kind.UNAVAILABLE, failure.get());
            }
            return 0;
        }
    }

    /**
     * At a signal, and when the process ends by itself: it does not end before everything is stopped, whoever began to
     * stop it. A Java process that ends by a signal has another exit code than 0 unless it is halted.
     */
    private static void stop(LocalStack stack, AtomicBoolean failed) {
        stack.close();
        if (!failed.get()) {
            Runtime.getRuntime().halt(0);
        }
    }

    private static void onEndOfInput(Runnable then) {
        Thread thread = new Thread(
                () -> {
                    try (InputStream in = System.in) {
                        in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        LoggerFactory.getLogger(RunCommand.class).debug("event=input_broken error={}", e.toString());
                    }
                    then.run();
                },
                "end-of-input");
        thread.setDaemon(true);
        thread.start();
    }

    private static Optional<String> get(CompletableFuture<Optional<String>> end) throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
