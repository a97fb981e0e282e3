package dev.tenantlake.ingest;

import dev.tenantlake.local.LocalAwsProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test a {@link TestLake} of its own, all of them on one local-aws, which ends with the tests. */
final class LocalAwsExtension implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(LocalAwsExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestLake.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        LocalAws local = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(LocalAws.class, type -> LocalAws.start(), LocalAws.class);
        return context.getStore(NAMESPACE)
                .computeIfAbsent(TestLake.class, type -> TestLake.create(local.process()), TestLake.class);
    }

    /** The process and its folder. */
    private record LocalAws(LocalAwsProcess process, Path folder) implements AutoCloseable {

        static LocalAws start() {
            try {
                Path folder = Files.createTempDirectory("cdc-ingest-test-");
                return new LocalAws(LocalAwsProcess.start(folder, false), folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            process.close();
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
