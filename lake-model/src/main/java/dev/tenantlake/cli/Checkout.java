package dev.tenantlake.cli;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The checkout whose modules are run, each as a process from the classes and the class path that the build left in its
 * folder. The class path goes by environment, so that a process list shows what runs and not fifty jars.
 */
public final class Checkout {

    private static final String HOME_PROPERTY = "tenantlake.home";
    /** Says in a process list which lake a process belongs to. */
    private static final String DATA_DIRECTORY_PROPERTY = "tenantlake.data-dir";

    /** Whose variables would lead a process elsewhere, or override what is set for it. */
    private static final Pattern FOREIGN = Pattern.compile("(AWS|SPARK|HADOOP|HIVE)_.*|PG[A-Z]+|TENANTLAKE_BUCKET");

    private final Path home;
    private final Path javaHome;

    /**
     * @param home the checkout
     * @param javaHome of the JDK 17 to run the modules with
     */
    public Checkout(Path home, Path javaHome) {
        this.home = requireNonNull(home, "home");
        this.javaHome = requireNonNull(javaHome, "javaHome");
    }

    /** The checkout that this process was started from, or else the class is part of, run with this process's own JDK. */
    public static Checkout of(Class<?> part) {
        String home = System.getProperty(HOME_PROPERTY);
        return new Checkout(home == null ? homeOf(part) : Path.of(home), Path.of(System.getProperty("java.home")));
    }

    public Path home() {
        return home;
    }

    public Path javaHome() {
        return javaHome;
    }

    /**
     * The class path with which a module is run.
     *
     * @throws LakeException of kind {@code UNFIT} if the module is not built
     */
    public String classPath(String module) {
        Path target = home.resolve(module).resolve("target");
        Path file = target.resolve("runtime-classpath");
        try {
            return target.resolve("classes")
                    + File.pathSeparator
                    + Files.readString(file).strip();
        } catch (IOException e) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    module + " is not built: " + file
                            + " cannot be read; build with mvn -DskipTests process-classes, or start with ./tenantlake",
                    e);
        }
    }

    /**
     * A module's command.
     *
     * @param module its folder, whose class path it has
     * @param dataDirectory of the lake that it works on, where it runs; its temporary files lie in {@code tmp/} there
     * @param flags of its JVM
     * @param mainAndArguments its main class and what that is given
     * @param environment says which lake it works on, and as whom
     */
    public ProcessBuilder java(
            String module,
            Path dataDirectory,
            List<String> flags,
            List<String> mainAndArguments,
            Map<String, String> environment) {
        return javaOn(classPath(module), dataDirectory, flags, mainAndArguments, environment);
    }

    /** As {@link #java}, with a class path of one's own. */
    public ProcessBuilder javaOn(
            String classPath,
            Path dataDirectory,
            List<String> flags,
            List<String> mainAndArguments,
            Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin").resolve("java").toString());
        command.addAll(flags);
        command.add("-Djava.net.preferIPv4Stack=true");
        command.add("-Djava.io.tmpdir=" + dataDirectory.resolve("tmp"));
        command.add("-D" + DATA_DIRECTORY_PROPERTY + "=" + dataDirectory);
        command.add("-D" + HOME_PROPERTY + "=" + home);
        command.addAll(mainAndArguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(dataDirectory.toFile());
        removeForeign(builder.environment());
        builder.environment().put("CLASSPATH", classPath);
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().putAll(environment);
        return builder;
    }

    /** Whether a variable that the caller happens to have set must not reach a process that works on a lake. */
    public static boolean isForeign(String variable) {
        return FOREIGN.matcher(variable).matches();
    }

    /** Takes such variables out. */
    public static void removeForeign(Map<String, String> environment) {
        environment.keySet().removeIf(Checkout::isForeign);
    }

    private static Path homeOf(Class<?> part) {
        try {
            // <home>/<module>/target/classes
            Path classes = Path.of(
                    part.getProtectionDomain().getCodeSource().getLocation().toURI());
            return classes.getParent().getParent().getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the classes lie at no path", e);
        }
    }
}
