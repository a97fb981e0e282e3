package dev.tenantlake.query;

import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.Principal;
import dev.tenantlake.query.history.AskedState;
import dev.tenantlake.query.history.EpochFinder;
import dev.tenantlake.query.history.GoldDefinitions;
import dev.tenantlake.query.history.LakeSchema;
import dev.tenantlake.query.history.StateStatements;
import dev.tenantlake.query.sql.Statement;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Option;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.s3.S3Client;

/** What state of the lake is asked for; one of these. */
final class StateOption {

    @Option(
            names = "--as-of",
            paramLabel = "WHEN",
            description = "Ask silver and gold as they were: at an instant such as 2026-11-14T09:00:00Z, or at an epoch"
                    + " such as 812.")
    private String asOf;

    @Option(
            names = "--live",
            description =
                    "Merge what bronze has beyond silver: seconds fresher, dearer, and not judged by silver's rules.")
    private boolean live;

    /** The statement in that state, of which a line says what it is. */
    Statement of(Statement statement, Principal asking, AwsClients own, PrintWriter says) {
        LakeLayout layout = own.config().layout();
        try (S3Client s3 = own.s3();
                GlueClient glue = own.glue()) {
            EpochFinder finder = new EpochFinder(
                    new EpochLog(s3, layout),
                    new LayerPositions(s3, layout)
                            .read(Layer.SILVER)
                            .orElseThrow(() -> new LakeException(
                                    LakeException.Kind.UNFIT, "silver holds no epoch yet: run the silver job first")));
            AskedState state = live ? live(finder.beyond(), says) : asOf(finder.find(asOf), says);
            says.flush();
            return new StateStatements(
                            LakeSchema.of(glue, List.of(Layer.BRONZE, Layer.SILVER)),
                            GoldDefinitions.load(),
                            asking instanceof Principal.Admin)
                    .in(state, statement);
        }
    }

    private static AskedState asOf(EpochManifest epoch, PrintWriter says) {
        says.println("as of epoch " + epoch.epoch() + ", committed until " + epoch.lastCommittedAt());
        return new AskedState.AsOfEpoch(epoch.epoch());
    }

    private static AskedState live(EpochFinder.Beyond beyond, PrintWriter says) {
        long latest = beyond.state().latest();
        says.println("live until epoch " + latest + ", committed until " + beyond.committedAt() + ": silver holds "
                + beyond.held()
                + (latest > beyond.held() ? ", and no rule has judged the rows after it" : ", and bronze no more"));
        return beyond.state();
    }
}
