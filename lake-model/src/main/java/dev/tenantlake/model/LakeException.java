package dev.tenantlake.model;

import static java.util.Objects.requireNonNull;

/**
 * Something that a user or an operator can act on. The message is one line: what was wrong, what was expected, what to
 * do. It is shown as it is, without a stack trace.
 */
public class LakeException extends RuntimeException {

    private final Kind kind;

    public LakeException(Kind kind, String message) {
        super(message);
        this.kind = requireNonNull(kind, "kind");
    }

    public LakeException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = requireNonNull(kind, "kind");
    }

    public Kind kind() {
        return kind;
    }

    /** What sort of failure it is, so that failures can be counted and an exit code chosen. */
    public enum Kind {
        /** An argument or a setting is not one that can be used. */
        WRONG_USAGE(2),
        /** What it works on is not in a state to be worked on, and somebody has to change that. */
        UNFIT(1),
        /** Another run, writer or process holds what is needed. */
        IN_USE(1),
        /** A service that is needed does not answer, or stopped answering. */
        UNAVAILABLE(1),
        /** The principal may not do that. */
        DENIED(1),
        /** The query could not be run as it stands. */
        QUERY(1),
        /** Figures that should agree do not. */
        MISMATCH(1),
        /** It took longer than it was given. */
        TIMEOUT(1),
        /** What was stored cannot be read, or contradicts itself. */
        CORRUPT(1);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        /** The exit code of a command that ends with it: 2 for wrong usage, else 1. */
        public int exitCode() {
            return exitCode;
        }
    }
}
