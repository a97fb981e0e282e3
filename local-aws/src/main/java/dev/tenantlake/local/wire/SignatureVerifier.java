package dev.tenantlake.local.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.identity.AccessKey;
import dev.tenantlake.local.identity.AccessKeys;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks AWS' Signature Version 4 of a request, as the IAM user guide describes it ("Create a signed AWS API request"):
 * who signed it, for which service and region, when, and that what is signed is what came.
 */
public final class SignatureVerifier {

    private static final Duration GREATEST_SKEW = Duration.ofMinutes(15);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final AccessKeys keys;
    private final String region;
    private final Clock clock;

    public SignatureVerifier(AccessKeys keys, String region, Clock clock) {
        this.keys = requireNonNull(keys, "keys");
        this.region = requireNonNull(region, "region");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Checks the signature.
     *
     * @return the key that it is signed with
     * @throws AwsFault if it is not signed, or not rightly: {@code MissingAuthenticationToken},
     *     {@code IncompleteSignature}, {@code InvalidClientTokenId}, {@code ExpiredToken}, {@code RequestExpired},
     *     {@code SignatureDoesNotMatch}
     */
    public AccessKey verify(AwsRequest request, String service) {
        Authorization authorization = Authorization.of(request);
        requireScope(authorization, service);
        Instant signedAt = signedAt(request, authorization);
        AccessKey key = keys.find(authorization.accessKeyId())
                .orElseThrow(() ->
                        refused("InvalidClientTokenId", "The security token included in the request is invalid."));
        requireToken(request, key);
        requireFresh(signedAt);
        requireSignedHeaders(request, authorization);
        requireBody(request);
        String canonical = CanonicalRequest.of(request, authorization.signedHeaders());
        String toSign = "AWS4-HMAC-SHA256\n" + TIME.format(signedAt) + "\n" + authorization.scope() + "\n"
                + CanonicalRequest.sha256(canonical.getBytes(UTF_8));
        byte[] expected = CanonicalRequest.hex(hmac(signingKey(key.secret(), authorization), toSign))
                .getBytes(UTF_8);
        if (!MessageDigest.isEqual(expected, authorization.signature().getBytes(UTF_8))) {
            throw refused(
                    "SignatureDoesNotMatch",
                    "The request signature we calculated does not match the signature you provided. Check your AWS "
                            + "Secret Access Key and signing method.");
        }
        return key;
    }

    private void requireScope(Authorization authorization, String service) {
        if (!authorization.region().equals(region)) {
            throw refused(
                    "SignatureDoesNotMatch",
                    "Credential should be scoped to a valid region, not '" + authorization.region() + "': expected '"
                            + region + "'.");
        }
        if (!authorization.service().equals(service)) {
            throw refused(
                    "SignatureDoesNotMatch",
                    "Credential should be scoped to correct service: '" + service + "', not '" + authorization.service()
                            + "'.");
        }
    }

    private static Instant signedAt(AwsRequest request, Authorization authorization) {
        String date = request.header("x-amz-date")
                .orElseThrow(() -> refused("IncompleteSignature", "The request has no header X-Amz-Date."));
        Instant signedAt;
        try {
            signedAt = TIME.parse(date, Instant::from);
        } catch (DateTimeException e) {
            throw refused("IncompleteSignature", "The header X-Amz-Date is not of the form 20260131T235959Z: " + date);
        }
        if (!date.startsWith(authorization.date())) {
            throw refused(
                    "SignatureDoesNotMatch",
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"
                            + authorization.date() + "' != '" + date + "'.");
        }
        return signedAt;
    }

    private void requireToken(AwsRequest request, AccessKey key) {
        Optional<String> given = request.header("x-amz-security-token");
        boolean right = key.sessionToken().isPresent()
                ? given.isPresent()
                        && MessageDigest.isEqual(
                                given.get().getBytes(UTF_8),
                                key.sessionToken().get().getBytes(UTF_8))
                : given.isEmpty();
        if (!right) {
            throw refused("InvalidClientTokenId", "The security token included in the request is invalid.");
        }
        if (key.expires().isPresent() && !clock.instant().isBefore(key.expires().get())) {
            throw refused("ExpiredToken", "The security token included in the request is expired.");
        }
    }

    private void requireFresh(Instant signedAt) {
        Instant now = clock.instant();
        if (Duration.between(signedAt, now).abs().compareTo(GREATEST_SKEW) > 0) {
            throw refused(
                    "RequestExpired",
                    "Signature not of now: " + TIME.format(signedAt) + " is more than 15 minutes from "
                            + TIME.format(now) + ", the server's time.");
        }
    }

    private static void requireSignedHeaders(AwsRequest request, Authorization authorization) {
        if (!authorization.signedHeaders().contains("host")) {
            throw refused("SignatureDoesNotMatch", "'Host' must be a 'SignedHeader' in the AWS Authorization.");
        }
        for (String name : request.headers().keySet()) {
            if (name.startsWith("x-amz-") && !authorization.signedHeaders().contains(name)) {
                throw refused(
                        "SignatureDoesNotMatch", "'" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
            }
        }
        for (String name : authorization.signedHeaders()) {
            if (!request.headers().containsKey(name)) {
                throw refused("SignatureDoesNotMatch", "The signed header '" + name + "' is not in the request.");
            }
        }
    }

    private static void requireBody(AwsRequest request) {
        Optional<String> hash = request.header("x-amz-content-sha256");
        if (hash.isPresent()
                && !MessageDigest.isEqual(
                        hash.get().getBytes(UTF_8),
                        CanonicalRequest.sha256(request.body()).getBytes(UTF_8))) {
            throw refused(
                    "SignatureDoesNotMatch", "The header X-Amz-Content-Sha256 is not the SHA-256 hash of the body.");
        }
    }

    private static byte[] signingKey(String secret, Authorization authorization) {
        byte[] key = ("AWS4" + secret).getBytes(UTF_8);
        key = hmac(key, authorization.date());
        key = hmac(key, authorization.region());
        key = hmac(key, authorization.service());
        return hmac(key, "aws4_request");
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    static AwsFault refused(String code, String message) {
        return new AwsFault(403, code, message, Map.of());
    }
}
