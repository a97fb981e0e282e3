package dev.tenantlake.bench.baseline;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeJson;
import java.nio.charset.StandardCharsets;

/**
 * What a baseline's process says of its run, as one line of JSON on its standard output.
 *
 * @param rows how many rows or changes the time is of
 * @param seconds the time
 */
public record BaselineResult(long rows, double seconds) {

    /** How many in a second. */
    public double rate() {
        return rows / seconds;
    }

    /**
     * Reads what a process wrote.
     *
     * @throws LakeException of kind {@code CORRUPT} if that is no result
     */
    public static BaselineResult read(String output, String process) {
        BaselineResult result =
                LakeJson.read(output.strip().getBytes(StandardCharsets.UTF_8), BaselineResult.class, process);
        if (result.rows() <= 0 || !(result.seconds() > 0)) {
            throw new LakeException(LakeException.Kind.CORRUPT, process + " measured nothing: " + output.strip());
        }
        return result;
    }

    /** Writes it. */
    void print() {
        System.out.println(new String(LakeJson.bytes(this), StandardCharsets.UTF_8));
        System.out.flush();
    }
}
