package dev.tenantlake.ingest.snapshot;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.ingest.source.PostgresConfig;
import dev.tenantlake.ingest.source.Publication;
import dev.tenantlake.ingest.source.PublishedTable;
import dev.tenantlake.ingest.source.TableFault;
import dev.tenantlake.ingest.stream.ChangeStream;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Watches which tables are published beside a stream that runs, and has those loaded that the lake does not carry: a table
 * that joined the publication, one that is another than before, one that could not be carried and can be again, and one
 * that somebody asked for. A table that cannot be carried, or is published no more, is left as it is in the lake.
 */
public final class TableWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TableWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration TO_END = Duration.ofSeconds(5);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final PostgresConfig postgres;
    private final String publication;
    private final S3Client s3;
    private final LakeLayout layout;
    private final ChangeStream stream;
    private final TableLoader loader;
    private final ScheduledExecutorService timer;
    private PublishedTables known = new PublishedTables(Map.of());
    private Optional<Connection> connection = Optional.empty();
    private Set<String> saidUnfit = Set.of();
    private String saidFailure = "";
    private Duration pause = SHORTEST_PAUSE;
    private long notBeforeNanos = System.nanoTime();

    /** Begins to watch. */
    public TableWatch(
            PostgresConfig postgres,
            String publication,
            S3Client s3,
            LakeLayout layout,
            ChangeStream stream,
            TableLoader loader) {
        this.postgres = requireNonNull(postgres, "postgres");
        this.publication = requireNonNull(publication, "publication");
        this.s3 = requireNonNull(s3, "s3");
        this.layout = requireNonNull(layout, "layout");
        this.stream = requireNonNull(stream, "stream");
        this.loader = requireNonNull(loader, "loader");
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "table-watch");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(this::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            watch();
        } catch (InterruptedException | CancellationException e) {
            LOG.debug("event=watch_ended");
        } catch (Exception e) {
            // If the source or the lake is gone, the stream says so; else a load that is not possible now may be later.
            disconnect();
            notBeforeNanos = System.nanoTime() + pause.toNanos();
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            LOG.atLevel(reason.equals(saidFailure) ? Level.DEBUG : Level.WARN)
                    .log("event=load_not_possible reason=\"{}\" next_try_in_s={}", reason, pause.toSeconds());
            saidFailure = reason;
        }
    }

    private void watch() throws Exception {
        Connection here = connection();
        Optional<Publication> found = Publication.read(here, publication);
        if (found.isEmpty()) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "there is no publication '" + publication + "' any more; expected the one that the lake follows");
        }
        Publication published = found.get();
        Set<String> carried = stream.atRest(stream::carried);
        if (known.identities().isEmpty()) {
            known = PublishedTables.read(s3, layout).orElseGet(() -> baseline(published, carried));
        }
        List<TableFault> faults = TableFault.of(published);
        Set<String> unfit =
                faults.stream().map(fault -> fault.table().qualifiedName()).collect(Collectors.toSet());
        Publication fit = published.only(table -> !unfit.contains(table.qualifiedName()));
        if (refuse(published, fit, faults, carried)) {
            loader.mark(here);
        }
        List<ReloadRequest> requests = ReloadRequest.list(s3, layout);
        Set<String> requested = requests.stream().map(ReloadRequest::table).collect(Collectors.toSet());
        Predicate<PublishedTable> wanted =
                table -> !carried.contains(table.name()) || known.isAnother(table) || requested.contains(table.name());
        Publication toLoad = fit.only(wanted);
        sayUnfit(faults, requested, fit);
        if (!toLoad.tables().isEmpty() && System.nanoTime() - notBeforeNanos >= 0) {
            load(here, toLoad, requests);
        }
    }

    private void load(Connection here, Publication toLoad, List<ReloadRequest> requests) throws Exception {
        Set<String> names =
                toLoad.tables().stream().map(PublishedTable::name).collect(Collectors.toCollection(TreeSet::new));
        Optional<List<PublishedTable>> loaded = loader.load(here, stream, toLoad);
        if (loaded.isEmpty()) {
            return;
        }
        known = known.with(loaded.get());
        known.write(s3, layout);
        requests.stream().filter(request -> names.contains(request.table())).forEach(done -> done.remove(s3, layout));
        pause = SHORTEST_PAUSE;
        saidFailure = "";
    }

    /** Without a note, what is carried now is what the lake was loaded from. */
    private PublishedTables baseline(Publication published, Set<String> carried) {
        PublishedTables now = PublishedTables.of(
                published.only(table -> carried.contains(table.name())).tables());
        now.write(s3, layout);
        return now;
    }

    /** Lets the stream pass over what cannot be carried; says whether that is news. */
    private boolean refuse(Publication published, Publication fit, List<TableFault> faults, Set<String> carried)
            throws Exception {
        Set<String> fitNames = fit.tables().stream().map(PublishedTable::name).collect(Collectors.toSet());
        Set<String> gone = new HashSet<>(carried);
        gone.removeAll(fitNames);
        published.tables().forEach(table -> gone.remove(table.name()));
        return stream.atRest(() -> {
            faults.forEach(fault ->
                    stream.refuse(fault.table().qualifiedName(), fault.table().name(), fault.reason()));
            gone.forEach(table -> stream.drop(
                    table, "it is not in publication '" + publication + "' any more, or not there any more"));
            return !stream.carried().equals(carried);
        });
    }

    private void sayUnfit(List<TableFault> faults, Set<String> requested, Publication fit) {
        Set<String> unfit = new HashSet<>();
        for (TableFault fault : faults) {
            String line = "table=" + fault.table().qualifiedName() + " reason=\"" + fault.reason() + "\"";
            if (unfit.add(line) && !saidUnfit.contains(line)) {
                LOG.warn("event=table_not_fit {}", line);
            }
        }
        requested.stream()
                .filter(table ->
                        fit.tables().stream().noneMatch(one -> one.name().equals(table)))
                .map(table -> "table=" + table + " reason=\"it is asked for and not published, or not fit\"")
                .filter(line -> unfit.add(line) && !saidUnfit.contains(line))
                .forEach(line -> LOG.warn("event=reload_waits {}", line));
        saidUnfit = unfit;
    }

    private Connection connection() throws SQLException {
        if (connection.isEmpty()) {
            connection = Optional.of(postgres.open());
        }
        return connection.get();
    }

    private void disconnect() {
        connection.ifPresent(open -> {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("event=close_failed", e);
            }
        });
        connection = Optional.empty();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            timer.awaitTermination(TO_END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        disconnect();
    }
}
