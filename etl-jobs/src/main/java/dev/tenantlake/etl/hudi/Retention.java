package dev.tenantlake.etl.hudi;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import java.time.Duration;

/**
 * How much of a table's past is kept beside its present: whatever one of the two asks for.
 *
 * @param commits so many commits at least
 * @param age all commits that are no older; a query that runs for longer can lose the files that it reads
 */
public record Retention(int commits, Duration age) {

    public Retention {
        requireNonNull(age, "age");
        if (commits < 2) {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "--keep-commits is " + commits + ": expected a number from 2, since a commit's predecessor is what"
                            + " running queries read");
        }
    }
}
