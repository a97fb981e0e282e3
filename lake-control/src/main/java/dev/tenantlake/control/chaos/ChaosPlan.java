package dev.tenantlake.control.chaos;

import dev.tenantlake.model.LakeException;

/**
 * How much is to be done to a lake.
 *
 * @param rounds how many times it is struck and then compared with its source
 * @param seed what the strikes and the traffic are drawn from
 * @param fullEvery in every so many rounds, and in the last, all rows and transactions are compared; in the others, the
 *     rows of bronze are counted
 * @param rate transactions a second of the shop's own traffic
 */
public record ChaosPlan(int rounds, long seed, int fullEvery, int rate) {

    /** @throws LakeException of kind {@code WRONG_USAGE} if a number is not above 0 */
    public ChaosPlan {
        requirePositive("--rounds", rounds);
        requirePositive("--full-every", fullEvery);
        requirePositive("--rate", rate);
    }

    private static void requirePositive(String option, int value) {
        if (value < 1) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE, option + " " + value + ": expected a number from 1 on");
        }
    }
}
