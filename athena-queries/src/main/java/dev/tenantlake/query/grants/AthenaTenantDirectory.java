package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.query.athena.AthenaSession;
import dev.tenantlake.query.athena.QuerySummary;
import dev.tenantlake.query.athena.ResultColumn;
import dev.tenantlake.query.athena.ResultSink;
import dev.tenantlake.query.command.StopRequest;
import dev.tenantlake.query.command.StoppedException;
import dev.tenantlake.query.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads the tenants from {@code silver.tenants} through Athena. */
final class AthenaTenantDirectory implements TenantDirectory {

    private static final Statement STATEMENT = new Statement("SELECT id, slug FROM silver.tenants", List.of());

    private final AthenaSession session;
    private final Duration timeout;
    private final StopRequest stop;

    /**
     * A directory.
     *
     * @param session the administrator's: anybody else would take the tenants that they do not see for gone
     */
    AthenaTenantDirectory(AthenaSession session, Duration timeout, StopRequest stop) {
        this.session = requireNonNull(session, "session");
        this.timeout = requireNonNull(timeout, "timeout");
        this.stop = requireNonNull(stop, "stop");
    }

    @Override
    public List<Tenant> tenants() {
        List<Tenant> tenants = new ArrayList<>();
        QuerySummary summary = session.run(STATEMENT, timeout, stop, new ResultSink() {
            @Override
            public void columns(List<ResultColumn> columns) {
                // Named in the statement.
            }

            @Override
            public boolean rows(List<List<String>> rows) {
                rows.forEach(row -> tenants.add(tenant(row)));
                return true;
            }
        });
        if (stop.isMade()) {
            // A part of the tenants must not be taken for all of them.
            throw new StoppedException("query " + summary.queryId() + " has been stopped");
        }
        return List.copyOf(tenants);
    }

    private static Tenant tenant(List<String> row) {
        if (row.get(0) == null || row.get(1) == null) {
            throw new LakeException(
                    LakeException.Kind.CORRUPT, "silver.tenants holds a tenant without an id or a slug: " + row);
        }
        return new Tenant(Long.parseLong(row.get(0)), row.get(1));
    }
}
