package dev.tenantlake.query.athena;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeException.Kind;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.athena.model.AthenaException;
import software.amazon.awssdk.services.athena.model.InvalidRequestException;
import software.amazon.awssdk.services.athena.model.QueryExecutionStatus;

/** What Athena says of a query that it did not run to its end, as one line of the right kind. */
final class QueryFailure {

    /** How Athena, its engine and Lake Formation word a refusal; there is no code for it in a query's status. */
    private static final Pattern DENIAL = Pattern.compile(
            "access\\s*denied|permission_denied|insufficient (lake formation )?permission|not authorized",
            Pattern.CASE_INSENSITIVE);
    /** Athena's number for an error of its own, by the API reference of AthenaError. */
    private static final int SYSTEM_ERROR = 1;

    private QueryFailure() {}

    /** Of a query whose state is FAILED. */
    static LakeException of(QueryExecutionStatus status) {
        String reason = oneLine(
                status.stateChangeReason() == null || status.stateChangeReason().isBlank()
                        ? "Athena gave no reason"
                        : status.stateChangeReason());
        if (DENIAL.matcher(reason).find()) {
            return new LakeException(Kind.DENIED, "the query was denied: " + reason);
        }
        boolean isAthenas = status.athenaError() != null
                && status.athenaError().errorCategory() != null
                && status.athenaError().errorCategory() == SYSTEM_ERROR;
        return new LakeException(
                isAthenas ? Kind.UNAVAILABLE : Kind.QUERY,
                (isAthenas ? "Athena failed the query: " : "the query failed: ") + reason);
    }

    /** Of a query that was not even taken. */
    static RuntimeException of(AthenaException refusal, String workgroup) {
        if (refusal.awsErrorDetails() == null) {
            return refusal;
        }
        String message = oneLine(String.valueOf(refusal.awsErrorDetails().errorMessage()));
        if (refusal.awsErrorDetails().errorCode().startsWith("AccessDenied")) {
            return new LakeException(
                    Kind.DENIED, "the query was denied in workgroup " + workgroup + ": " + message, refusal);
        }
        if (refusal instanceof InvalidRequestException) {
            return new LakeException(Kind.QUERY, "Athena refused the query: " + message, refusal);
        }
        return refusal;
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s+", " ");
    }
}
