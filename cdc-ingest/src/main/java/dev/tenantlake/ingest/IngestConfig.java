package dev.tenantlake.ingest;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.cli.DurationConverter;
import dev.tenantlake.ingest.source.PostgresConfig;
import dev.tenantlake.ingest.source.UnrepresentablePolicy;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LakeException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything that a run of cdc-ingest is told: what the environment says of the source and the lake, and the options of
 * its command line. An option that is not among those given has its default.
 *
 * @param postgres the source
 * @param lake the lake
 * @param slot {@value #SLOT}: the replication slot, created on first start
 * @param publication {@value #PUBLICATION}: the publication, which has to exist
 * @param epochAge {@value #EPOCH_AGE}: how long an epoch collects transactions
 * @param epochRows {@value #EPOCH_ROWS}: with so many rows an epoch is cut before its time
 * @param epochBytes {@value #EPOCH_BYTES}: with about so many bytes an epoch is cut before its time
 * @param snapshotThreads {@value #SNAPSHOT_THREADS}: how many connections read the snapshot
 * @param retryFor {@value #RETRY_FOR}: for how long it tries to reach a source or a lake that stopped answering, and,
 *     for a few seconds at most when it starts, to have a slot that somebody still holds
 * @param progressBytes {@value #PROGRESS_BYTES}: when so much log was written and none of it was ours, it writes a mark
 *     into the source's log, so that the slot follows and the server can remove what is behind it
 * @param unrepresentable {@value #UNREPRESENTABLE}: what becomes of a value that its bronze column cannot hold
 * @param onLostSlot {@value #ON_LOST_SLOT}: what becomes of a lake whose slot is gone
 * @param workDirectory {@value #WORK_DIR}: below which folder files lie until they are uploaded
 */
public record IngestConfig(
        PostgresConfig postgres,
        LakeConfig lake,
        String slot,
        String publication,
        Duration epochAge,
        long epochRows,
        long epochBytes,
        int snapshotThreads,
        Duration retryFor,
        long progressBytes,
        UnrepresentablePolicy unrepresentable,
        LostSlotPolicy onLostSlot,
        Path workDirectory) {

    public static final String SLOT = "--slot";
    public static final String PUBLICATION = "--publication";
    public static final String EPOCH_AGE = "--epoch-age";
    public static final String EPOCH_ROWS = "--epoch-rows";
    public static final String EPOCH_BYTES = "--epoch-bytes";
    public static final String SNAPSHOT_THREADS = "--snapshot-threads";
    public static final String RETRY_FOR = "--retry-for";
    public static final String PROGRESS_BYTES = "--progress-bytes";
    public static final String UNREPRESENTABLE = "--unrepresentable";
    public static final String ON_LOST_SLOT = "--on-lost-slot";
    public static final String WORK_DIR = "--work-dir";

    private static final int MOST_SNAPSHOT_THREADS = 64;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(B|KiB|MiB|GiB)");
    /** By Postgres' rules for slots, and with room to spare for publications. */
    private static final Pattern SLOT_NAME = Pattern.compile("[a-z0-9_]{1,63}");

    public IngestConfig {
        requireNonNull(postgres, "postgres");
        requireNonNull(lake, "lake");
        requireNonNull(slot, "slot");
        requireNonNull(publication, "publication");
        requireNonNull(epochAge, "epochAge");
        requireNonNull(retryFor, "retryFor");
        requireNonNull(unrepresentable, "unrepresentable");
        requireNonNull(onLostSlot, "onLostSlot");
        requireNonNull(workDirectory, "workDirectory");
    }

    /**
     * The configuration that these give.
     *
     * @param environment the variables of {@link PostgresConfig} and {@link LakeConfig}
     * @param options by option, such as {@value #EPOCH_AGE}, what it was given
     * @throws LakeException of kind {@code WRONG_USAGE} if one of them has a value that cannot be used
     */
    public static IngestConfig from(Map<String, String> environment, Map<String, String> options) {
        Options given = new Options(options);
        return new IngestConfig(
                PostgresConfig.from(environment),
                LakeConfig.from(environment),
                given.text(SLOT, "tenantlake", SLOT_NAME.asMatchPredicate(), "up to 63 of a-z, 0-9 and _"),
                given.text(PUBLICATION, "tenantlake", name -> !name.isBlank(), "a publication's name"),
                given.duration(EPOCH_AGE, Duration.ofSeconds(1), Duration.ofMillis(50)),
                given.number(EPOCH_ROWS, 500_000, 1, Integer.MAX_VALUE),
                given.size(EPOCH_BYTES, 128L << 20, 1L << 20),
                (int) given.number(SNAPSHOT_THREADS, 2, 1, MOST_SNAPSHOT_THREADS),
                given.duration(RETRY_FOR, Duration.ofMinutes(10), Duration.ofMillis(1)),
                given.size(PROGRESS_BYTES, 64L << 20, 1L << 20),
                given.oneOf(UNREPRESENTABLE, UnrepresentablePolicy.STOP, "stop or null"),
                given.oneOf(ON_LOST_SLOT, LostSlotPolicy.RESNAPSHOT, "resnapshot or stop"),
                given.folder(WORK_DIR, System.getProperty("java.io.tmpdir")));
    }

    /** The options that were given, each read with its default, and each complaint in one form. */
    private record Options(Map<String, String> given) {

        Options {
            given = Map.copyOf(given);
        }

        String text(String option, String byDefault, Predicate<String> fits, String expected) {
            String value = given.getOrDefault(option, byDefault);
            if (!fits.test(value)) {
                throw wrong(option, expected);
            }
            return value;
        }

        long number(String option, long byDefault, long least, long most) {
            return value(option)
                    .map(text -> {
                        try {
                            long number = Long.parseLong(text);
                            return number >= least && number <= most ? number : null;
                        } catch (NumberFormatException e) {
                            return null;
                        }
                    })
                    .or(() -> missing(option, "a whole number from " + least + " to " + most))
                    .orElse(byDefault);
        }

        Duration duration(String option, Duration byDefault, Duration least) {
            return value(option)
                    .flatMap(DurationConverter::read)
                    .filter(duration -> duration.compareTo(least) >= 0)
                    .or(() -> missing(
                            option,
                            "a duration such as 500ms, 1s, 10m or 1h, not less than " + least.toMillis() + "ms"))
                    .orElse(byDefault);
        }

        long size(String option, long byDefault, long least) {
            return value(option)
                    .map(text -> {
                        Matcher parts = SIZE.matcher(text);
                        if (!parts.matches()) {
                            return null;
                        }
                        long number = Long.parseLong(parts.group(1));
                        long bytes = switch (parts.group(2)) {
                            case "B" -> number;
                            case "KiB" -> number << 10;
                            case "MiB" -> number << 20;
                            default -> number << 30;
                        };
                        return bytes < least ? null : bytes;
                    })
                    .or(() -> missing(option, "a size such as 64MiB or 1GiB, not less than " + (least >> 20) + "MiB"))
                    .orElse(byDefault);
        }

        <E extends Enum<E>> E oneOf(String option, E byDefault, String expected) {
            return value(option)
                    .map(text -> {
                        try {
                            return Enum.valueOf(byDefault.getDeclaringClass(), text.toUpperCase(Locale.ROOT));
                        } catch (IllegalArgumentException e) {
                            return null;
                        }
                    })
                    .or(() -> missing(option, expected))
                    .orElse(byDefault);
        }

        Path folder(String option, String byDefault) {
            try {
                return Path.of(given.getOrDefault(option, byDefault)).toAbsolutePath();
            } catch (InvalidPathException e) {
                throw wrong(option, "a folder");
            }
        }

        private Optional<String> value(String option) {
            return Optional.ofNullable(given.get(option));
        }

        /** Nothing, if the option was not given; what was given could not be read else. */
        private <T> Optional<T> missing(String option, String expected) {
            if (given.containsKey(option)) {
                throw wrong(option, expected);
            }
            return Optional.empty();
        }

        private LakeException wrong(String option, String expected) {
            return new LakeException(
                    LakeException.Kind.WRONG_USAGE, option + " is '" + given.get(option) + "': expected " + expected);
        }
    }
}
