package dev.tenantlake.control;

/** Lines for a shell to evaluate. */
final class ShellLines {

    private final StringBuilder lines = new StringBuilder();

    /** Sets a variable for what the shell starts. */
    ShellLines export(String name, String value) {
        lines.append("export ").append(name).append('=').append(quote(value)).append('\n');
        return this;
    }

    /** Takes variables away. */
    ShellLines unset(Iterable<String> names) {
        lines.append("unset ").append(String.join(" ", names)).append('\n');
        return this;
    }

    /** The value as one word of a POSIX shell, whatever it holds. */
    static String quote(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
