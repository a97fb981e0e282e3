package dev.tenantlake.query.history;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/** Which state of silver is asked for, other than the one that its tables hold. */
public sealed interface AskedState {

    /** As it was when the source had committed an epoch, from bronze alone. */
    sealed interface AsOf extends AskedState {}

    /**
     * As of an epoch that is known.
     *
     * @param epoch its number
     */
    record AsOfEpoch(long epoch) implements AsOf {}

    /** As of the epoch that the first question mark of the statement stands for. */
    record AsOfParameter() implements AsOf {}

    /**
     * As the tables hold it, with the changes merged in that bronze has beyond that.
     *
     * @param held by table name, of each table that bronze has changes of, the epoch that silver holds of it; of the others
     *     silver is what it is
     * @param latest the last epoch of bronze that counts
     */
    record Live(Map<String, Long> held, long latest) implements AskedState {
        public Live {
            held = Map.copyOf(requireNonNull(held, "held"));
        }
    }
}
