package dev.tenantlake.local;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Where unpacked programs lie that all data directories share: Postgres and the query engine. */
public final class CacheDirectory {

    public static final String VARIABLE = "TENANTLAKE_CACHE";

    private CacheDirectory() {}

    /** The directory that the environment names, else the usual one of the user. */
    public static Path locate(Map<String, String> environment) {
        return Stream.of(environment.get(VARIABLE), below(environment.get("XDG_CACHE_HOME")))
                .filter(path -> path != null && !path.isBlank())
                .findFirst()
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "tenantlake"))
                .toAbsolutePath();
    }

    private static String below(String cache) {
        return cache == null || cache.isBlank() ? null : cache + "/tenantlake";
    }
}
