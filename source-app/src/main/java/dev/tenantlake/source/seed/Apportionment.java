package dev.tenantlake.source.seed;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Divides a number among several by weight, so that the parts are whole and add up: the largest remainder wins. */
final class Apportionment {

    private Apportionment() {}

    /**
     * The parts.
     *
     * @param least what each gets at least; the weights divide the rest
     */
    static int[] of(int total, double[] weights, int least) {
        int rest = total - least * weights.length;
        if (rest < 0) {
            throw new IllegalArgumentException(total + " cannot give " + least + " to each of " + weights.length);
        }
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        int[] parts = new int[weights.length];
        double[] remainders = new double[weights.length];
        int given = 0;
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            double exact = rest * weights[i] / sum;
            int whole = (int) exact;
            parts[i] = least + whole;
            remainders[i] = exact - whole;
            given += whole;
            order.add(i);
        }
        order.sort(Comparator.comparingDouble((Integer i) -> -remainders[i]).thenComparing(i -> i));
        for (int i = 0; i < rest - given; i++) {
            parts[order.get(i % order.size())]++;
        }
        return parts;
    }
}
