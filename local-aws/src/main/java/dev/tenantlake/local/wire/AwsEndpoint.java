package dev.tenantlake.local.wire;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.identity.AccessKey;
import dev.tenantlake.model.LakeException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one loopback port where the AWS services answer. It checks each request's signature and passes it to the service
 * that the signature is for.
 */
public final class AwsEndpoint implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AwsEndpoint.class);
    private static final int LARGEST_BODY = 16 << 20;
    private static final int THREADS = 32;

    private final SignatureVerifier signatures;
    private final List<AwsApi> apis;
    private final Server server;
    private final ServerConnector connector;

    private AwsEndpoint(SignatureVerifier signatures, List<AwsApi> apis, int port) {
        this.signatures = requireNonNull(signatures, "signatures");
        this.apis = List.copyOf(apis);
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
        threads.setName("aws");
        this.server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws IOException {
                AwsEndpoint.this.handle(request, response, callback);
                return true;
            }
        });
        // A call takes but milliseconds; without one under way, it is idle connections that are waited for.
        server.setStopTimeout(200);
    }

    /**
     * Listens on a port of 127.0.0.1.
     *
     * @param port 0 for one that is free
     * @throws LakeException of kind {@code IN_USE} if it cannot
     */
    public static AwsEndpoint start(SignatureVerifier signatures, List<AwsApi> apis, int port) {
        AwsEndpoint endpoint = new AwsEndpoint(signatures, apis, port);
        try {
            endpoint.server.start();
        } catch (Exception e) {
            throw new LakeException(
                    LakeException.Kind.IN_USE, "cannot listen on port " + port + " of 127.0.0.1: " + e.getMessage(), e);
        }
        return endpoint;
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    private void handle(Request request, Response response, Callback callback) throws IOException {
        String requestId = UUID.randomUUID().toString();
        AwsResponse answer = answer(request, requestId);
        response.setStatus(answer.status());
        response.getHeaders().put("Content-Type", answer.contentType());
        response.getHeaders().put("x-amzn-RequestId", requestId);
        answer.headers().forEach(response.getHeaders()::put);
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
    }

    private AwsResponse answer(Request jetty, String requestId) throws IOException {
        Optional<AwsRequest> read = read(jetty);
        if (read.isEmpty()) {
            return apis.get(0)
                    .fault(
                            new AwsFault(413, "RequestEntityTooLarge", "the body is larger than 16 MiB", Map.of()),
                            requestId);
        }
        AwsRequest request = read.get();
        AwsApi api = api(request);
        try {
            AccessKey key = signatures.verify(request, api.signingName());
            return api.answer(request, key.caller());
        } catch (AwsFault fault) {
            LOG.debug(
                    "event=call_refused service={} code={} message={}",
                    api.signingName(),
                    fault.code(),
                    fault.getMessage());
            return api.fault(fault, requestId);
        } catch (RuntimeException e) {
            LOG.error("event=call_failed service={} request={}", api.signingName(), requestId, e);
            return api.fault(
                    new AwsFault(
                            500, "InternalServiceException", "local-aws failed; see its log: " + requestId, Map.of()),
                    requestId);
        }
    }

    /** The service that the signature is for; without a readable one, the service that the request looks like. */
    private AwsApi api(AwsRequest request) {
        Optional<String> service =
                request.header("authorization").flatMap(Authorization::parse).map(Authorization::service);
        return apis.stream()
                .filter(api -> service.isPresent() ? api.signingName().equals(service.get()) : api.recognises(request))
                .findFirst()
                .orElse(apis.get(0));
    }

    private static Optional<AwsRequest> read(Request request) throws IOException {
        byte[] body;
        try (InputStream in = Content.Source.asInputStream(request)) {
            body = in.readNBytes(LARGEST_BODY + 1);
        }
        if (body.length > LARGEST_BODY) {
            return Optional.empty();
        }
        Map<String, List<String>> headers = new HashMap<>();
        for (HttpField field : request.getHeaders()) {
            headers.computeIfAbsent(field.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(field.getValue() == null ? "" : field.getValue());
        }
        String query = request.getHttpURI().getQuery();
        return Optional.of(new AwsRequest(
                request.getMethod(), request.getHttpURI().getPath(), query == null ? "" : query, headers, body));
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            LOG.debug("event=endpoint_stopped_with_connections_open");
        } catch (Exception e) {
            LOG.warn("event=endpoint_stop_failed error={}", e.toString());
        }
    }
}
