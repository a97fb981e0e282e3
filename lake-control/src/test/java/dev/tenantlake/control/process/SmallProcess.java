package dev.tenantlake.control.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A service for tests, in a process of its own. It writes {@code start NAME} to a file when it starts and {@code stop NAME}
 * when it is told to end, and does what it is told meanwhile.
 */
public final class SmallProcess {

    private SmallProcess() {}

    /** {@code FILE NAME run|ignore-stop|exit CODE LINE|spawn}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path file = Path.of(arguments[0]);
        String name = arguments[1];
        if (arguments[2].equals("run")) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> note(file, "stop " + name)));
        }
        note(file, "start " + name);
        switch (arguments[2]) {
            case "run" -> new CountDownLatch(1).await();
            case "ignore-stop" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(SmallProcess::waitForever));
                note(file, "deaf " + name);
                new CountDownLatch(1).await();
            }
            case "spawn" -> {
                command(file, name + "-child", "run").inheritIO().start();
                new CountDownLatch(1).await();
            }
            case "exit" -> {
                System.err.println("2026-01-01 WARN event=about_to_end");
                System.err.println(arguments[4]);
                System.err.println("\tat somewhere(Somewhere.java:1)");
                System.exit(Integer.parseInt(arguments[3]));
            }
            default -> throw new IllegalArgumentException(arguments[2]);
        }
    }

    /** The command that starts one. */
    public static ProcessBuilder command(Path file, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                SmallProcess.class.getName(),
                file.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        try {
            builder.environment()
                    .put(
                            "CLASSPATH",
                            Path.of(SmallProcess.class
                                            .getProtectionDomain()
                                            .getCodeSource()
                                            .getLocation()
                                            .toURI())
                                    .toString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return builder;
    }

    /** What was written to the file so far. */
    public static List<String> notes(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when that holds; fails when it does not within a minute. */
    public static void await(String what, BooleanSupplier holds) {
        await(() -> what, holds);
    }

    /** Returns when that holds; fails when it does not within a minute, and then asks what was waited for. */
    public static void await(Supplier<String> what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new AssertionError("waited in vain: " + what.get());
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    private static void note(Path file, String line) {
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void waitForever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
