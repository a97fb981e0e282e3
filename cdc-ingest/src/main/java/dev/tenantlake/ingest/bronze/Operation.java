package dev.tenantlake.ingest.bronze;

/** What a bronze row stands for; {@code _op}. */
public enum Operation {
    /** Read by the snapshot. */
    READ('r'),
    /** The row as it was inserted. */
    CREATE('c'),
    /** The row as it stands after an update. */
    UPDATE('u'),
    /** The row as it stood before it was deleted. */
    DELETE('d'),
    /** All rows of the table are gone; the source's columns are null. */
    TRUNCATE('t');

    private final char code;

    Operation(char code) {
        this.code = code;
    }

    /** The letter that {@code _op} holds. */
    public String code() {
        return String.valueOf(code);
    }

    /**
     * The operation of that letter.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Operation of(String code) {
        for (Operation operation : values()) {
            if (code.length() == 1 && code.charAt(0) == operation.code) {
                return operation;
            }
        }
        throw new IllegalArgumentException("no operation has the letter '" + code + "'");
    }
}
