package dev.tenantlake.local.wire;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the header {@code Authorization} of a request says in Signature Version 4.
 *
 * @param accessKeyId whose key
 * @param date of the scope, yyyyMMdd
 * @param region of the scope
 * @param service of the scope
 * @param signedHeaders the names of the headers that are signed, in small letters
 * @param signature in hexadecimal digits
 */
record Authorization(
        String accessKeyId, String date, String region, String service, List<String> signedHeaders, String signature) {

    private static final Pattern FORM = Pattern.compile("AWS4-HMAC-SHA256\\s+"
            + "Credential=(?<key>\\w+)/(?<date>\\d{8})/(?<region>[\\w-]+)/(?<service>[\\w-]+)/aws4_request\\s*,\\s*"
            + "SignedHeaders=(?<headers>[^,\\s]+)\\s*,\\s*"
            + "Signature=(?<signature>[0-9a-f]{64})\\s*");

    Authorization {
        signedHeaders = List.copyOf(signedHeaders);
    }

    /** What is signed for: {@code date/region/service/aws4_request}. */
    String scope() {
        return date + "/" + region + "/" + service + "/aws4_request";
    }

    /** @throws AwsFault if there is none, or if it cannot be read */
    static Authorization of(AwsRequest request) {
        String header = request.header("authorization")
                .orElseThrow(() -> SignatureVerifier.refused(
                        "MissingAuthenticationToken", "The request is not signed: it has no Authorization header."));
        return parse(header)
                .orElseThrow(() -> SignatureVerifier.refused(
                        "IncompleteSignature",
                        "The Authorization header is not 'AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, "
                                + "Signature=…'."));
    }

    /** What a header says, or empty if it is not of that form. */
    static Optional<Authorization> parse(String header) {
        Matcher matcher = FORM.matcher(header);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new Authorization(
                matcher.group("key"),
                matcher.group("date"),
                matcher.group("region"),
                matcher.group("service"),
                List.of(matcher.group("headers").split(";")),
                matcher.group("signature")));
    }
}
