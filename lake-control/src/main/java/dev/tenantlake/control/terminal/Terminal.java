package dev.tenantlake.control.terminal;

import dev.tenantlake.control.run.Stage;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * What a person sees while something takes its time: lines for what is done, and, if somebody looks, one line that is
 * written over for what is being waited for. All of it on standard error.
 */
public final class Terminal {

    private final PrintWriter error;
    private final boolean interactive;
    private String shown = "";

    public Terminal(PrintWriter error) {
        this.error = error;
        this.interactive = System.console() != null && !"dumb".equals(System.getenv("TERM"));
    }

    /** A line that stays. */
    public synchronized void say(String line) {
        clear();
        error.println(line);
        error.flush();
    }

    /** What is being waited for, until the next line. */
    public synchronized void waitingFor(String what) {
        if (interactive && !what.equals(shown)) {
            clear();
            error.print("  … " + (what.length() > 100 ? what.substring(0, 100) : what));
            error.flush();
            shown = what;
        }
    }

    /** A stage that is done. */
    public void done(Stage stage) {
        say(String.format(Locale.ROOT, "  %-14s %8s  %s", stage.name(), seconds(stage.at()), stage.detail()));
    }

    /** A length of time for a person. */
    public static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    /** Takes away what is being waited for, so that something else can be written. */
    public synchronized void clear() {
        if (!shown.isEmpty()) {
            error.print("\r\u001b[K");
            error.flush();
            shown = "";
        }
    }
}
