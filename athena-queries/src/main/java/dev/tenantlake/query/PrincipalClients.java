package dev.tenantlake.query;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.GrantsPosition;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.Principal;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.model.StsException;

/** Takes on a principal, and says in one line why that cannot be. */
final class PrincipalClients {

    private static final int SHOWN = 12;

    private PrincipalClients() {}

    /**
     * Clients that act as the principal; its credentials have been fetched.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if the tenant was not onboarded, {@code DENIED} if it was but its
     *     analyst's role may not be assumed
     */
    static AwsClients as(AwsClients own, Principal principal) {
        AwsClients clients = own.as(principal);
        if (principal instanceof Principal.Analyst analyst) {
            try {
                clients.credentials().resolveCredentials();
            } catch (StsException e) {
                clients.close();
                if (e.awsErrorDetails() == null
                        || !isRefusal(e.awsErrorDetails().errorCode())) {
                    throw e;
                }
                throw refusal(own, analyst, e);
            }
        }
        return clients;
    }

    private static boolean isRefusal(String code) {
        return code.startsWith("AccessDenied") || code.startsWith("NoSuchEntity");
    }

    /** STS does not tell a role that is not there from one that may not be assumed; what the grants stand for does. */
    private static LakeException refusal(AwsClients own, Principal.Analyst analyst, StsException cause) {
        List<String> onboarded = onboarded(own);
        if (onboarded.contains(analyst.slug())) {
            return new LakeException(
                    LakeException.Kind.DENIED,
                    "may not act as " + analyst + ": " + cause.awsErrorDetails().errorMessage(),
                    cause);
        }
        return new LakeException(
                LakeException.Kind.WRONG_USAGE,
                "tenant '" + analyst.slug() + "' is not onboarded: "
                        + (onboarded.isEmpty()
                                ? "no tenant is; run grants apply"
                                : "expected one of "
                                        + String.join(", ", onboarded.subList(0, Math.min(SHOWN, onboarded.size())))
                                        + (onboarded.size() > SHOWN ? " …" : "")
                                        + ", or run grants apply if it is new"),
                cause);
    }

    private static List<String> onboarded(AwsClients own) {
        try (S3Client s3 = own.s3()) {
            return new LayerPositions(s3, own.config().layout())
                    .readGrants()
                    .map(GrantsPosition::slugs)
                    .orElse(List.of());
        } catch (AwsServiceException e) {
            // Who may not read the record is told less.
            return List.of();
        }
    }
}
