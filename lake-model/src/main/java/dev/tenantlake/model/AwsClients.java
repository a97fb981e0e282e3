package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * Makes AWS clients, all from one configuration and one source of credentials. The caller closes the clients; closing
 * this closes the HTTP connections that they share.
 */
public final class AwsClients implements AutoCloseable {

    private final LakeConfig config;
    private final AwsCredentialsProvider credentials;
    private final SdkHttpClient http;

    /** Clients with the credentials of the SDK's standard chain. */
    public static AwsClients of(LakeConfig config) {
        return new AwsClients(config, DefaultCredentialsProvider.builder().build());
    }

    public AwsClients(LakeConfig config, AwsCredentialsProvider credentials) {
        this.config = requireNonNull(config, "config");
        this.credentials = requireNonNull(credentials, "credentials");
        this.http = new ClosedConnections(UrlConnectionHttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(5))
                .socketTimeout(Duration.ofSeconds(60))
                .build());
    }

    public LakeConfig config() {
        return config;
    }

    /** Where the credentials come from that the clients sign with. */
    public AwsCredentialsProvider credentials() {
        return credentials;
    }

    public S3Client s3() {
        return configure(S3Client.builder(), config.s3Endpoint()).build();
    }

    public GlueClient glue() {
        return configure(GlueClient.builder()).build();
    }

    public StsClient sts() {
        return configure(StsClient.builder()).build();
    }

    /** Gives any other service's builder this configuration. */
    public <B extends AwsClientBuilder<B, ?> & SdkSyncClientBuilder<B, ?>> B configure(B builder) {
        return configure(builder, config.endpoint());
    }

    /**
     * Clients that act as a principal. For the administrator those are this one's own credentials; an analyst's role is
     * assumed with them.
     */
    public AwsClients as(Principal principal) {
        if (!(principal instanceof Principal.Analyst analyst)) {
            return new AwsClients(config, credentials);
        }
        StsClient sts = sts();
        String arn = "arn:aws:iam::" + sts.getCallerIdentity().account() + ":role/" + analyst.roleName();
        return new AwsClients(
                config,
                StsAssumeRoleCredentialsProvider.builder()
                        .stsClient(sts)
                        .refreshRequest(request -> request.roleArn(arn).roleSessionName("tenantlake"))
                        .build());
    }

    private <B extends AwsClientBuilder<B, ?> & SdkSyncClientBuilder<B, ?>> B configure(
            B builder, Optional<URI> endpoint) {
        builder.region(Region.of(config.region()));
        builder.credentialsProvider(credentials);
        builder.httpClient(http);
        endpoint.ifPresent(builder::endpointOverride);
        return builder;
    }

    @Override
    public void close() {
        http.close();
    }
}
