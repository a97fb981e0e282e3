package dev.tenantlake.control.run;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a lake is to be started.
 *
 * @param port where AWS' endpoint is to be, or 0 for any that is free
 * @param seed what the shop is filled with before its changes are captured, if it is to be
 * @param durable whether a commit in Postgres is to survive the machine going down, and not only its processes
 * @param fromBronze whether silver and gold are to be removed first, and made anew
 * @param boundToThisProcess whether the lake is to stop when this process ends
 */
public record LaunchOptions(
        int port, Optional<SeedRequest> seed, boolean durable, boolean fromBronze, boolean boundToThisProcess) {

    public LaunchOptions {
        requireNonNull(seed, "seed");
    }

    /** What the supervisor is started with.
     *
     * @param first the port of AWS' endpoint
     */
    List<String> arguments(int first) {
        List<String> arguments = new ArrayList<>(List.of("--port", Integer.toString(first)));
        seed.ifPresent(request -> {
            arguments.addAll(List.of("--seed-scale", request.scale().toString()));
            request.seed().ifPresent(number -> arguments.addAll(List.of("--seed", Long.toString(number))));
        });
        if (durable) {
            arguments.add("--durable");
        }
        if (fromBronze) {
            arguments.add("--from-bronze");
        }
        if (boundToThisProcess) {
            arguments.addAll(List.of(
                    "--until-end-of", Long.toString(ProcessHandle.current().pid())));
        }
        return arguments;
    }
}
