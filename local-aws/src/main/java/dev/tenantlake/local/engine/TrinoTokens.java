package dev.tenantlake.local.engine;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

/**
 * Tokens with which this process alone is let into its Trino, each as one principal and for a short time. The key is
 * new with each start.
 */
final class TrinoTokens {

    static final String ISSUER = "tenantlake";
    static final String AUDIENCE = "trino";

    private static final int KEY_BYTES = 32;
    private static final Duration LIFETIME = Duration.ofMinutes(5);

    private final byte[] key;

    TrinoTokens() {
        this.key = Secrets.bytes(KEY_BYTES);
    }

    /** The key as Trino reads it from a file. */
    String encodedKey() {
        return Base64.getEncoder().encodeToString(key);
    }

    /** A token for a request that is made now as that principal. */
    String token(String principal) {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .subject(principal)
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            token.sign(new MACSigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("a key of " + KEY_BYTES + " bytes is fit for HS256", e);
        }
        return token.serialize();
    }
}
