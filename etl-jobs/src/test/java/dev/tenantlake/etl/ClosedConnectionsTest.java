package dev.tenantlake.etl;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.LakeConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** With the SDK of the jobs, which is the one that comes with Hadoop: it gives up where the others try again. */
class ClosedConnectionsTest {

    /** So long that S3 is asked whether it takes it. */
    private static final String BODY = "an epoch".repeat(1 << 18);

    private static final Pattern LENGTHS = Pattern.compile(
            "x-amz-decoded-content-length: (?<object>\\d+).*\\ncontent-length: (?<sent>\\d+)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** As a server does with a connection that was kept for longer than it likes. */
    @Test
    void putsAnObjectAgainWhoseConnectionIsClosedBeforeItsBodyIsAskedFor() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Long> stored = CompletableFuture.supplyAsync(() -> {
                try {
                    try (Socket first = server.accept()) {
                        assertThat(headers(reader(first))).containsIgnoringCase("expect: 100-continue");
                    }
                    return store(server);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    close(server);
                }
            });
            LakeConfig config = LakeConfig.from(Map.of(
                    "AWS_ENDPOINT_URL",
                    "http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort()));
            try (AwsClients clients = new AwsClients(
                            config, StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")));
                    S3Client s3 = clients.s3()) {
                assertThat(s3.putObject(
                                        put -> put.bucket("lake").key("epoch").ifNoneMatch("*"),
                                        RequestBody.fromString(BODY))
                                .sdkHttpResponse()
                                .isSuccessful())
                        .isTrue();
            }
            assertThat(stored.join()).isEqualTo(BODY.length());
        }
    }

    /** Takes a whole object, and says how many bytes it has. */
    private static long store(ServerSocket server) throws IOException {
        try (Socket socket = server.accept();
                OutputStream out = socket.getOutputStream()) {
            BufferedReader in = reader(socket);
            Matcher length = LENGTHS.matcher(headers(in));
            assertThat(length.find()).isTrue();
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII));
            out.flush();
            // Among the object's bytes are the signatures of its parts.
            in.skip(Long.parseLong(length.group("sent")));
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
            out.flush();
            return Long.parseLong(length.group("object"));
        }
    }

    private static void close(ServerSocket server) {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    }

    private static String headers(BufferedReader in) throws IOException {
        StringBuilder headers = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            headers.append(line).append('\n');
        }
        return headers.toString();
    }
}
