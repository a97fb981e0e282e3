package dev.tenantlake.ingest.stream;

import dev.tenantlake.ingest.source.PostgresConfig;
import dev.tenantlake.ingest.source.UnrepresentablePolicy;
import dev.tenantlake.model.EpochManifest;
import io.debezium.connector.postgresql.PostgresConnector;
import java.time.Duration;
import java.util.Properties;

/** What Debezium's engine is told. */
public final class EngineSettings {

    static final String TOPIC_PREFIX = "tenantlake";

    private static final Duration LONGEST_HEARTBEAT = Duration.ofMillis(500);
    private static final Duration SHORTEST_HEARTBEAT = Duration.ofMillis(20);
    private static final int HEARTBEATS_PER_EPOCH = 4;

    private EngineSettings() {}

    /**
     * The settings of a run.
     *
     * @param slot which is there already
     * @param publication which is there already
     * @param last the lake's last epoch, after which to go on
     * @param epochAge how long an epoch collects transactions
     */
    public static Properties of(
            PostgresConfig postgres,
            String slot,
            String publication,
            EpochManifest last,
            Duration epochAge,
            UnrepresentablePolicy policy) {
        Properties settings = new Properties();
        settings.setProperty("name", TOPIC_PREFIX);
        settings.setProperty("connector.class", PostgresConnector.class.getName());
        settings.setProperty("topic.prefix", TOPIC_PREFIX);
        source(settings, postgres, slot, publication);
        offsets(settings, last);
        values(settings, policy);
        rhythm(settings, epochAge);
        failures(settings);
        return settings;
    }

    private static void source(Properties settings, PostgresConfig postgres, String slot, String publication) {
        settings.setProperty("database.hostname", postgres.host());
        settings.setProperty("database.port", String.valueOf(postgres.port()));
        settings.setProperty("database.dbname", postgres.database());
        settings.setProperty("database.user", postgres.user());
        postgres.password().ifPresent(password -> settings.setProperty("database.password", password));
        postgres.sslMode().ifPresent(mode -> settings.setProperty("database.sslmode", mode));
        postgres.sslRootCertificate().ifPresent(file -> settings.setProperty("database.sslrootcert", file));
        settings.setProperty("plugin.name", "pgoutput");
        settings.setProperty("slot.name", slot);
        settings.setProperty("slot.drop.on.stop", "false");
        settings.setProperty("publication.name", publication);
        settings.setProperty("publication.autocreate.mode", "disabled");
        settings.setProperty("snapshot.mode", "no_data");
    }

    private static void offsets(Properties settings, EpochManifest last) {
        settings.setProperty("offset.storage", ManifestOffsetStore.class.getName());
        settings.setProperty(ManifestOffsetStore.RESUME_OFFSET, ManifestOffsetStore.property(StreamOffset.after(last)));
        // Each END that is marked is durable, so it may be confirmed at once.
        settings.setProperty("offset.flush.interval.ms", "0");
    }

    private static void values(Properties settings, UnrepresentablePolicy policy) {
        settings.setProperty("provide.transaction.metadata", "true");
        settings.setProperty("skipped.operations", "none");
        settings.setProperty("tombstones.on.delete", "false");
        // The transaction around a message is what counts, and comes without it.
        settings.setProperty("message.prefix.exclude.list", ".*");
        settings.setProperty("converters", "bronze");
        settings.setProperty("bronze.type", BronzeConverter.class.getName());
        settings.setProperty("bronze." + BronzeConverter.POLICY, policy.name());
        settings.setProperty("include.unknown.datatypes", "true");
        settings.setProperty("event.converting.failure.handling.mode", "fail");
        settings.setProperty("event.processing.failure.handling.mode", "fail");
    }

    private static void rhythm(Properties settings, Duration epochAge) {
        // A heartbeat comes when nothing else does, and lets an epoch be cut when traffic has stopped.
        Duration heartbeat = epochAge.dividedBy(HEARTBEATS_PER_EPOCH);
        if (heartbeat.compareTo(LONGEST_HEARTBEAT) > 0) {
            heartbeat = LONGEST_HEARTBEAT;
        } else if (heartbeat.compareTo(SHORTEST_HEARTBEAT) < 0) {
            heartbeat = SHORTEST_HEARTBEAT;
        }
        settings.setProperty("heartbeat.interval.ms", String.valueOf(heartbeat.toMillis()));
        settings.setProperty("poll.interval.ms", "10");
        settings.setProperty("max.batch.size", "8192");
        settings.setProperty("max.queue.size", "32768");
        settings.setProperty("max.queue.size.in.bytes", String.valueOf(64L << 20));
        settings.setProperty("statistics.metrics.enabled", "false");
    }

    /** Any failure ends the engine: whoever runs it starts a new one, from the last manifest. */
    private static void failures(Properties settings) {
        settings.setProperty("errors.max.retries", "0");
        settings.setProperty("slot.max.retries", "0");
        // A connection that broke without a word is noticed when a status cannot be sent, or a query is not answered.
        settings.setProperty("driver.socketTimeout", "60");
        settings.setProperty("driver.options", PostgresConfig.SESSION_OPTIONS);
        settings.setProperty("status.update.interval.ms", "2000");
        settings.setProperty("executor.shutdown.timeout.ms", "1000");
        settings.setProperty("record.processing.shutdown.timeout.ms", "1000");
        settings.setProperty("task.management.timeout.ms", "60000");
    }
}
