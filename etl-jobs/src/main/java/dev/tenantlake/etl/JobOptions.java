package dev.tenantlake.etl;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.etl.hudi.Retention;
import dev.tenantlake.model.LakeException;
import java.time.Duration;

/**
 * What the job is to do.
 *
 * @param mode whether to stop when there is nothing more to do
 * @param stage which layers to build
 * @param poll how long to wait, when nothing is new, before looking again
 * @param maxEpochsPerCommit how many epochs one silver commit takes in at most
 * @param maxRowsPerCommit how many change rows one silver commit takes in at most, but one epoch at least
 * @param tablesAtATime how many tables are committed at a time
 * @param rebuild whether gold is built anew from silver, whatever it holds
 * @param retention how much of the tables' past is kept
 */
record JobOptions(
        Mode mode,
        Stage stage,
        Duration poll,
        int maxEpochsPerCommit,
        long maxRowsPerCommit,
        int tablesAtATime,
        boolean rebuild,
        Retention retention) {

    JobOptions {
        requireNonNull(mode, "mode");
        requireNonNull(stage, "stage");
        requireNonNull(poll, "poll");
        atLeastOne("--max-epochs-per-commit", maxEpochsPerCommit);
        atLeastOne("--max-rows-per-commit", maxRowsPerCommit);
        atLeastOne("--tables-at-a-time", tablesAtATime);
        requireNonNull(retention, "retention");
        if (rebuild && !stage.gold()) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--rebuild builds gold anew, and --stage silver leaves gold out: use --stage gold or all");
        }
    }

    /** When the job ends. */
    enum Mode {
        /** When the layers hold all that was there, or at the first failure. */
        ONCE,
        /** When it is told to; it waits for what it needs. */
        CONTINUOUS
    }

    /** Which layers the job builds. */
    enum Stage {
        /** Silver, from the epoch log. */
        SILVER,
        /** Gold, from what silver's position says that silver holds. */
        GOLD,
        /** Silver and then gold. */
        ALL;

        boolean silver() {
            return this != GOLD;
        }

        boolean gold() {
            return this != SILVER;
        }
    }

    private static void atLeastOne(String option, long value) {
        if (value < 1) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE, option + " is " + value + ": expected a number from 1");
        }
    }
}
