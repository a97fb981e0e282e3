package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Has the SDK try a request again whose connection the other side closed while it was asked whether it takes the body. The
 * client for URL connections of the SDK that Hadoop comes with says so with an {@link UncheckedIOException}, which that SDK
 * takes for the end; of any other failure of the network it makes another attempt.
 */
final class ClosedConnections implements SdkHttpClient {

    private final SdkHttpClient http;

    ClosedConnections(SdkHttpClient http) {
        this.http = requireNonNull(http, "http");
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = http.prepareRequest(request);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                try {
                    return prepared.call();
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                }
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    @Override
    public String clientName() {
        return http.clientName();
    }

    @Override
    public void close() {
        http.close();
    }
}
