package dev.tenantlake.bench.process;

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
 * The checkout whose modules are measured, each run as a process from the classes and the class path that the build left
 * in its folder, as the lake itself runs them.
 */
public final class Checkout {

    private static final String HOME_PROPERTY = "tenantlake.home";
    /** Says in a process list which run a process belongs to, so that one can be found that outlived its bench. */
    private static final String DATA_DIRECTORY_PROPERTY = "tenantlake.data-dir";

    /** Whose variables would lead a process elsewhere. */
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

    /** The checkout that this class is part of, run with this process's own JDK. */
    public static Checkout ofThisClass() {
        String home = System.getProperty(HOME_PROPERTY);
        return new Checkout(home == null ? homeOfThisClass() : Path.of(home), Path.of(System.getProperty("java.home")));
    }

    public Path home() {
        return home;
    }

    public Path javaHome() {
        return javaHome;
    }

    /** The launcher, which people start everything with. */
    public Path launcher() {
        return home.resolve("tenantlake");
    }

    /**
     * A module's command.
     *
     * @param module its folder, whose class path it has
     * @param dataDirectory of the lake that it works on; its temporary files lie in there, too
     * @param flags of its JVM
     * @param mainAndArguments its main class and what that is given
     */
    public ProcessBuilder java(String module, Path dataDirectory, List<String> flags, List<String> mainAndArguments) {
        return java(classPath(module), dataDirectory, flags, mainAndArguments);
    }

    /** As {@link #java(String, Path, List, List)}, with a class path of one's own. */
    public ProcessBuilder javaOn(
            String classPath, Path dataDirectory, List<String> flags, List<String> mainAndArguments) {
        return java(new ClassPath(classPath), dataDirectory, flags, mainAndArguments);
    }

    /** The class path with which a module is run. */
    public String classPathOf(String module) {
        return classPath(module).text();
    }

    /** Sets variables, after those are taken out that would lead the process elsewhere. */
    public static ProcessBuilder with(ProcessBuilder builder, Map<String, String> environment) {
        builder.environment().keySet().removeIf(name -> FOREIGN.matcher(name).matches());
        builder.environment().putAll(environment);
        return builder;
    }

    private ProcessBuilder java(
            ClassPath classPath, Path dataDirectory, List<String> flags, List<String> mainAndArguments) {
        Path temporary = dataDirectory.resolve("tmp");
        try {
            Files.createDirectories(temporary);
        } catch (IOException e) {
            throw new LakeException(LakeException.Kind.UNFIT, temporary + " cannot be made: " + e.getMessage(), e);
        }
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin").resolve("java").toString());
        command.addAll(flags);
        command.add("-Djava.net.preferIPv4Stack=true");
        command.add("-Djava.io.tmpdir=" + temporary);
        command.add("-D" + DATA_DIRECTORY_PROPERTY + "=" + dataDirectory);
        command.add("-D" + HOME_PROPERTY + "=" + home);
        command.addAll(mainAndArguments);
        ProcessBuilder builder = with(new ProcessBuilder(command).directory(dataDirectory.toFile()), Map.of());
        // By environment: in a process list one sees what runs and not fifty jars.
        builder.environment().put("CLASSPATH", classPath.text());
        builder.environment().put("JAVA_HOME", javaHome.toString());
        return builder;
    }

    private record ClassPath(String text) {}

    private ClassPath classPath(String module) {
        Path target = home.resolve(module).resolve("target");
        Path file = target.resolve("runtime-classpath");
        try {
            return new ClassPath(target.resolve("classes")
                    + File.pathSeparator
                    + Files.readString(file).strip());
        } catch (IOException e) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    module + " is not built: " + file + " cannot be read; start with ./tenantlake bench, which builds",
                    e);
        }
    }

    private static Path homeOfThisClass() {
        try {
            // <home>/bench/target/classes
            Path classes = Path.of(Checkout.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return classes.getParent().getParent().getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the classes lie at no path", e);
        }
    }
}
