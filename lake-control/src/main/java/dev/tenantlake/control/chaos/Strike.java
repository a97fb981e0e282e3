package dev.tenantlake.control.chaos;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A moment at which processes are killed, all of them at once.
 *
 * @param after how long after the strike before, and after all victims run
 * @param victims whom it hits
 */
record Strike(Duration after, Set<Victim> victims) {

    private static final int LONGEST_MILLIS = 7_000;
    private static final int FEWEST = 3;
    private static final int MOST = 5;
    /** In so many of a hundred strikes, a second process is hit too. */
    private static final int DOUBLE = 30;

    Strike {
        requireNonNull(after, "after");
        victims = Set.copyOf(victims);
    }

    /**
     * The strikes of every round; the same seed gives the same.
     *
     * @param rounds how many rounds
     */
    static List<List<Strike>> schedule(int rounds, long seed) {
        Random random = new Random(seed);
        List<List<Strike>> schedule = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            int strikes = FEWEST + random.nextInt(MOST - FEWEST + 1);
            List<Strike> strikesOfRound = new ArrayList<>();
            for (int i = 0; i < strikes; i++) {
                EnumSet<Victim> victims = EnumSet.of(any(random));
                if (random.nextInt(100) < DOUBLE) {
                    victims.add(any(random));
                }
                strikesOfRound.add(new Strike(Duration.ofMillis(random.nextInt(LONGEST_MILLIS)), victims));
            }
            schedule.add(List.copyOf(strikesOfRound));
        }
        return schedule;
    }

    private static Victim any(Random random) {
        int left = random.nextInt(100);
        for (Victim victim : Victim.values()) {
            left -= victim.weight();
            if (left < 0) {
                return victim;
            }
        }
        throw new IllegalStateException("the weights do not add up to 100");
    }
}
