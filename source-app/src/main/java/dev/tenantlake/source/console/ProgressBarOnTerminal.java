package dev.tenantlake.source.console;

import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** One bar over all parts. */
final class ProgressBarOnTerminal implements Progress {

    private static final int MILLIS_BETWEEN_UPDATES = 200;

    private final ProgressBar bar;

    ProgressBarOnTerminal(String task, long total) {
        this.bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUpdateIntervalMillis(MILLIS_BETWEEN_UPDATES)
                .setStyle(ProgressBarStyle.ASCII)
                .setUnit(" rows", 1)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .build();
    }

    @Override
    public void begin(String part) {
        bar.setExtraMessage(part);
    }

    @Override
    public void advance(long rows) {
        bar.stepBy(rows);
    }

    @Override
    public void end(String part, long rows, Duration time) {
        bar.setExtraMessage(part + " done");
    }

    @Override
    public void close() {
        bar.close();
    }
}
