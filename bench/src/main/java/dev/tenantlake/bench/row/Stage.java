package dev.tenantlake.bench.row;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.bench.lake.StagedLake;
import dev.tenantlake.bench.machine.ThisMachine;
import dev.tenantlake.bench.process.Workspace;
import dev.tenantlake.bench.report.Conditions;
import dev.tenantlake.cli.Checkout;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a measurement works with: the checkout, a place for data, how much of it there is to be, and one lake at a time,
 * which stays for the next measurement if that wants as large a one.
 */
public final class Stage implements AutoCloseable {

    /** Always as many, so that only the rows in a lake differ from one size to another. */
    static final int TENANTS = 8;

    private final Checkout checkout;
    private final Workspace workspace;
    private final ThisMachine machine;
    private final Sizes sizes;
    private final Consumer<String> progress;
    private Optional<StagedLake> lake = Optional.empty();

    /** @param progress is told what is being done, for a person */
    public Stage(Checkout checkout, Workspace workspace, ThisMachine machine, Sizes sizes, Consumer<String> progress) {
        this.checkout = requireNonNull(checkout, "checkout");
        this.workspace = requireNonNull(workspace, "workspace");
        this.machine = requireNonNull(machine, "machine");
        this.sizes = requireNonNull(sizes, "sizes");
        this.progress = requireNonNull(progress, "progress");
    }

    public Checkout checkout() {
        return checkout;
    }

    public Workspace workspace() {
        return workspace;
    }

    public Sizes sizes() {
        return sizes;
    }

    /** How things are at the beginning of a measurement. */
    public Conditions conditions() {
        return machine.conditions(sizes.quick());
    }

    /** Says what is being done. */
    public void say(String what) {
        progress.accept(what);
    }

    /** A lake whose shop holds about so many rows; what a measurement before did to it has happened. */
    public StagedLake lake(long rows) {
        if (lake.filter(there -> there.askedRows() == rows).isEmpty()) {
            closeLake();
            say(String.format("a lake with %,d rows", rows));
            lake = Optional.of(StagedLake.start(checkout, workspace, rows, TENANTS));
        }
        return lake.orElseThrow();
    }

    /** Stops the lake if there is one, and removes it. */
    public void closeLake() {
        lake.ifPresent(StagedLake::close);
        lake = Optional.empty();
    }

    @Override
    public void close() {
        closeLake();
    }
}
