package dev.tenantlake.ingest;

import dev.tenantlake.ingest.snapshot.ReloadRequest;
import dev.tenantlake.model.AwsClients;
import dev.tenantlake.model.EpochLog;
import dev.tenantlake.model.EpochManifest;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import software.amazon.awssdk.services.s3.S3Client;

/** Asks for tables to be loaded anew. */
@Command(
        name = "reload",
        description =
                "Asks the cdc-ingest that runs, or the next that does, to load tables anew beside the stream. What"
                        + " the lake holds of them is replaced in one step; nobody waits meanwhile.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nThe lake is that of TENANTLAKE_BUCKET and the AWS variables.%n%nExamples:%n",
        footer = {"  cdc-ingest reload orders", "  cdc-ingest reload orders order_items"})
final class ReloadCommand implements Runnable {

    @Parameters(arity = "1..*", paramLabel = "TABLE", description = "A table, by its name in the lake.")
    private List<String> tables;

    @Override
    public void run() {
        LakeConfig config = LakeConfig.from(System.getenv());
        try (AwsClients clients = AwsClients.of(config);
                S3Client s3 = clients.s3()) {
            request(s3, config.layout(), tables);
        }
    }

    /**
     * Leaves a request for each.
     *
     * @throws LakeException of kind {@code WRONG_USAGE} if the lake has none of that name; then there is no request
     */
    static void request(S3Client s3, LakeLayout layout, List<String> tables) {
        EpochManifest last = new EpochLog(s3, layout)
                .latest()
                .orElseThrow(() -> new LakeException(
                        LakeException.Kind.UNFIT,
                        "the lake has no epoch; expected one: start cdc-ingest run, which loads all tables"));
        Set<String> loaded = last.loaded();
        tables.stream().filter(table -> !loaded.contains(table)).findFirst().ifPresent(table -> {
            throw new LakeException(
                    LakeException.Kind.WRONG_USAGE,
                    "the lake carries no table '" + table + "'; expected one of " + String.join(", ", loaded)
                            + ". A table that cannot be carried for now is loaded by itself when it can");
        });
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        for (String table : tables) {
            new ReloadRequest(table, now).write(s3, layout);
            System.out.println("requested table=" + table + " after_epoch=" + last.epoch());
        }
    }
}
