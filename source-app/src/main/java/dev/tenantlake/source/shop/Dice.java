package dev.tenantlake.source.shop;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * Chance that comes from a seed: the same seed and topic roll the same on every machine, since the Java specification
 * fixes both {@link Random} and {@link StrictMath} to the bit. A topic of its own for each thing that is made up keeps a
 * change in one of them from changing all others. Not for use by several threads at once.
 */
public final class Dice {

    private final Random random;

    private Dice(long seed) {
        this.random = new Random(seed);
    }

    /**
     * The dice for a topic.
     *
     * @param seed the run's seed
     * @param topic what they are for, such as the name of a table
     * @param number which one of those, such as a tenant's id
     */
    public static Dice of(long seed, String topic, long number) {
        return new Dice(mix(mix(seed + mix(requireNonNull(topic, "topic").hashCode())) + number));
    }

    /** The generator behind the dice, for a library that wants one. */
    public Random random() {
        return random;
    }

    /** Whether something came about that does so with a probability from 0 to 1. */
    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** From 0, inclusive, to 1, exclusive. */
    public double fraction() {
        return random.nextDouble();
    }

    /** From {@code lowest} to {@code highest}, both inclusive, all alike. */
    public int between(int lowest, int highest) {
        return lowest + random.nextInt(highest - lowest + 1);
    }

    /** From {@code from}, inclusive, to {@code to}, exclusive, all alike. */
    public double between(double from, double to) {
        return from + (to - from) * random.nextDouble();
    }

    /** A time to wait, from 0 up and mostly short, with this mean and in its unit. */
    public double waiting(double mean) {
        return -mean * StrictMath.log(1 - random.nextDouble());
    }

    /** Mostly near 1, never negative: e to the power of a normal deviate with this standard deviation. */
    public double around(double deviation) {
        return StrictMath.exp(deviation * random.nextGaussian());
    }

    /** One of them, all alike. */
    public <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** One of them, each as likely as its weight says. */
    public <T> T pick(Weighted<T> choices) {
        return choices.values.get(index(choices.cumulative));
    }

    /** The index of a weight, each as likely as what it adds to the one before it. */
    public int index(double[] cumulative) {
        double point = random.nextDouble() * cumulative[cumulative.length - 1];
        int low = 0;
        int high = cumulative.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cumulative[middle] > point) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** A random UUID, version 4. */
    public UUID uuid() {
        long high = random.nextLong() & 0xFFFFFFFFFFFF0FFFL | 0x4000L;
        long low = random.nextLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L;
        return new UUID(high, low);
    }

    /** The finaliser of SplitMix64, by which near seeds become far ones. */
    private static long mix(long value) {
        long mixed = value + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** Choices that are not all alike. */
    public static final class Weighted<T> {

        private final List<T> values;
        private final double[] cumulative;

        private Weighted(List<T> values, double[] cumulative) {
            this.values = values;
            this.cumulative = cumulative;
        }

        /** The values and, in the same order, how likely each is in relation to the others. */
        public static <T> Weighted<T> of(List<T> values, double... weights) {
            if (values.size() != weights.length) {
                throw new IllegalArgumentException(values.size() + " values, but " + weights.length + " weights");
            }
            return new Weighted<>(List.copyOf(values), cumulative(weights));
        }
    }

    /** The running sum of weights. */
    public static double[] cumulative(double... weights) {
        double[] sums = new double[weights.length];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            sums[i] = sum;
        }
        return sums;
    }
}
