package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.AwsClients;
import java.util.List;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.IamClientBuilder;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/** The services that hold what makes an analyst. */
record LakeServices(
        AthenaClient athena,
        GlueClient glue,
        IamClient iam,
        LakeFormationClient lakeFormation,
        S3Client s3,
        StsClient sts)
        implements AutoCloseable {

    LakeServices {
        requireNonNull(athena, "athena");
        requireNonNull(glue, "glue");
        requireNonNull(iam, "iam");
        requireNonNull(lakeFormation, "lakeFormation");
        requireNonNull(s3, "s3");
        requireNonNull(sts, "sts");
    }

    /**
     * Clients of the services.
     *
     * @param interceptors see each call before it is made, and may refuse it
     */
    static LakeServices of(AwsClients clients, List<ExecutionInterceptor> interceptors) {
        IamClientBuilder iam = intercepted(clients.configure(IamClient.builder()), interceptors);
        if (clients.config().endpoint().isEmpty()) {
            // IAM is one service for all regions of AWS.
            iam.region(Region.AWS_GLOBAL);
        }
        return new LakeServices(
                intercepted(clients.configure(AthenaClient.builder()), interceptors)
                        .build(),
                clients.glue(),
                iam.build(),
                intercepted(clients.configure(LakeFormationClient.builder()), interceptors)
                        .build(),
                clients.s3(),
                clients.sts());
    }

    private static <B extends AwsClientBuilder<B, ?> & SdkSyncClientBuilder<B, ?>> B intercepted(
            B builder, List<ExecutionInterceptor> interceptors) {
        return builder.overrideConfiguration(override -> interceptors.forEach(override::addExecutionInterceptor));
    }

    @Override
    public void close() {
        athena.close();
        glue.close();
        iam.close();
        lakeFormation.close();
        s3.close();
        sts.close();
    }
}
