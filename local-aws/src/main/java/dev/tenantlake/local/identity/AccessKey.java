package dev.tenantlake.local.identity;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/**
 * A key that calls are signed with.
 *
 * @param id what is sent along: {@code AKIA…} of a user, {@code ASIA…} of a session
 * @param secret what signatures are made with
 * @param sessionToken what must be sent along with a session's key
 * @param expires when a session's key ends
 * @param caller whose it is
 */
public record AccessKey(
        String id, String secret, Optional<String> sessionToken, Optional<Instant> expires, Caller caller) {

    private static final String ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String SECRET_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final SecureRandom RANDOM = new SecureRandom();

    public AccessKey {
        requireNonNull(id, "id");
        requireNonNull(secret, "secret");
        requireNonNull(sessionToken, "sessionToken");
        requireNonNull(expires, "expires");
        requireNonNull(caller, "caller");
    }

    /** A new key of a user. */
    public static AccessKey create(Caller.User user) {
        return of(user, "AKIA" + random(ID_ALPHABET, 16), random(SECRET_ALPHABET, 40));
    }

    /** A user's key that is known. */
    public static AccessKey of(Caller.User user, String id, String secret) {
        return new AccessKey(id, secret, Optional.empty(), Optional.empty(), user);
    }

    /** A new key of a session that ends at a time. */
    public static AccessKey createSession(Caller.AssumedRole caller, Instant expires) {
        return new AccessKey(
                "ASIA" + random(ID_ALPHABET, 16),
                random(SECRET_ALPHABET, 40),
                Optional.of(random(SECRET_ALPHABET, 120)),
                Optional.of(expires),
                caller);
    }

    /** Letters and digits that nobody can guess. */
    public static String random(int length) {
        return random(SECRET_ALPHABET, length);
    }

    /** An id such as IAM gives: a prefix that says of what, then letters and digits. */
    public static String uniqueId(String prefix) {
        return prefix + random(ID_ALPHABET, 17);
    }

    private static String random(String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** Says whose key it is, and neither the secret nor the token. */
    @Override
    public String toString() {
        return "AccessKey[" + id + " of " + caller.arn() + "]";
    }
}
