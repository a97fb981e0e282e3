package dev.tenantlake.control;

import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.process.ProcessIdentity;
import dev.tenantlake.control.run.LakeSupervisor;
import dev.tenantlake.control.run.Modules;
import dev.tenantlake.control.run.SeedRequest;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The process in the background that {@code up} and {@code demo} start. */
@Command(name = "supervise", hidden = true, description = "Runs the lake until it is told to end.")
final class SuperviseCommand implements Callable<Integer> {

    @Mixin
    private DataDirectoryOption dataDirectory;

    @Option(names = "--port", paramLabel = "PORT", required = true, description = "Where AWS' endpoint is to be.")
    private int port;

    @Option(
            names = "--seed-scale",
            paramLabel = "SCALE",
            description =
                    "Fills the shop before its changes are captured, so that the lake's first epoch holds it all.")
    private SeedRequest.Scale scale;

    @Option(names = "--seed", paramLabel = "N", description = "What the shop's rows are drawn from.")
    private Long seed;

    @Option(names = "--durable", description = "Postgres waits for the disk at each commit.")
    private boolean durable;

    @Option(names = "--from-bronze", description = "Removes silver and gold first, so that they are made anew.")
    private boolean fromBronze;

    @Option(
            names = "--until-end-of",
            paramLabel = "PID",
            description = "Stops the lake when that process has ended, too.")
    private Long untilEndOf;

    @Override
    public Integer call() {
        Modules modules = Modules.ofThisCheckout();
        DataDirectory directory = dataDirectory.directory(modules);
        directory.create();
        Optional<SeedRequest> request = Optional.ofNullable(scale)
                .map(given -> new SeedRequest(given, seed == null ? OptionalLong.empty() : OptionalLong.of(seed)));
        Optional<ProcessIdentity> user =
                Optional.ofNullable(untilEndOf).flatMap(ProcessHandle::of).flatMap(ProcessIdentity::of);
        new LakeSupervisor(modules, directory, port, request, durable, fromBronze, user).run();
        return 0;
    }
}
