package dev.tenantlake.local.wire;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/** An error that a service answers with: the SDK makes its typed exception of the code. */
public final class AwsFault extends RuntimeException {

    private final int status;
    private final String code;
    private final Map<String, String> details;

    /**
     * @param status the HTTP status
     * @param code the error's name in the service's API, such as {@code EntityNotFoundException}
     * @param message for the caller
     * @param details further members of the error's shape
     */
    public AwsFault(int status, String code, String message, Map<String, String> details) {
        super(requireNonNull(message, "message"));
        this.status = status;
        this.code = requireNonNull(code, "code");
        this.details = Map.copyOf(details);
    }

    /** An error that is the caller's, with HTTP status 400. */
    public static AwsFault of(String code, String message) {
        return new AwsFault(400, code, message, Map.of());
    }

    /** The caller may not do that. */
    public static AwsFault denied(String message) {
        return new AwsFault(400, "AccessDeniedException", message, Map.of());
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public Map<String, String> details() {
        return details;
    }
}
