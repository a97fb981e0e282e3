package dev.tenantlake.query.report;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Properties;

/** What a page brings along in place of loading it: Apache ECharts, from its own jar, what draws with it, and the style. */
final class PageScripts {

    /** The jar's folder is named for the version, which the jar knows best. */
    private static final String ECHARTS_PROPERTIES = "META-INF/maven/org.mvnpm/echarts/pom.properties";

    private PageScripts() {}

    /** The charting library, with its licence's notice at its head. */
    static String echarts() {
        Properties jar = new Properties();
        try (InputStream in = open(ECHARTS_PROPERTIES)) {
            jar.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text("META-INF/resources/_static/echarts/" + jar.getProperty("version") + "/dist/echarts.min.js");
    }

    /** What draws the charts of a page. */
    static String drawing() {
        return text("report/report.js");
    }

    static String style() {
        return text("report/report.css");
    }

    /** How a content security policy names a script that may run: by its text. */
    static String hash(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(String resource) {
        try (InputStream in = open(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) {
        return requireNonNull(
                PageScripts.class.getClassLoader().getResourceAsStream(resource), resource + " on the class path");
    }
}
