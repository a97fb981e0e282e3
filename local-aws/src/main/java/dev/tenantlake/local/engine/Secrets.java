package dev.tenantlake.local.engine;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Secrets that live as long as a process. */
final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    static byte[] bytes(int count) {
        byte[] secret = new byte[count];
        RANDOM.nextBytes(secret);
        return secret;
    }

    /** A secret of that many bytes as hexadecimal digits, fit for a path or a header. */
    static String text(int count) {
        return HexFormat.of().formatHex(bytes(count));
    }
}
