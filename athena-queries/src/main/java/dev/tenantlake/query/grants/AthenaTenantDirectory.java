package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.query.athena.AthenaSession;
import dev.tenantlake.query.athena.CollectedResult;
import dev.tenantlake.query.athena.QuerySummary;
import dev.tenantlake.query.command.StopRequest;
import dev.tenantlake.query.command.StoppedException;
import dev.tenantlake.query.sql.Statement;
import java.time.Duration;
import java.util.List;

/** Reads the tenants from {@code silver.tenants} through Athena, in the order of their slugs. */
public final class AthenaTenantDirectory implements TenantDirectory {

    private static final Statement STATEMENT =
            new Statement("SELECT id, slug FROM silver.tenants ORDER BY slug", List.of());

    private final AthenaSession session;
    private final Duration timeout;
    private final StopRequest stop;

    /**
     * A directory.
     *
     * @param session the administrator's: anybody else would take the tenants that they do not see for gone
     */
    public AthenaTenantDirectory(AthenaSession session, Duration timeout, StopRequest stop) {
        this.session = requireNonNull(session, "session");
        this.timeout = requireNonNull(timeout, "timeout");
        this.stop = requireNonNull(stop, "stop");
    }

    @Override
    public List<Tenant> tenants() {
        CollectedResult result = new CollectedResult(Integer.MAX_VALUE);
        QuerySummary summary = session.run(STATEMENT, timeout, stop, result);
        if (stop.isMade()) {
            // A part of the tenants must not be taken for all of them.
            throw new StoppedException("query " + summary.queryId() + " has been stopped");
        }
        return result.rows().stream().map(AthenaTenantDirectory::tenant).toList();
    }

    private static Tenant tenant(List<String> row) {
        if (row.get(0) == null || row.get(1) == null) {
            throw new LakeException(
                    LakeException.Kind.CORRUPT, "silver.tenants holds a tenant without an id or a slug: " + row);
        }
        return new Tenant(Long.parseLong(row.get(0)), row.get(1));
    }
}
