package dev.tenantlake.local.athena;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.state.Change;
import dev.tenantlake.local.state.Journal;
import dev.tenantlake.local.state.JournaledMap;
import dev.tenantlake.local.state.Keys;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.local.wire.JsonApi;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The workgroups that there are, and what is kept in them besides the queries' history. */
public final class AthenaState {

    private final Journal journal;
    private final JournaledMap<Workgroup> workgroups;
    private final JournaledMap<PreparedStatement> statements;

    public AthenaState(Journal journal) {
        this.journal = requireNonNull(journal, "journal");
        this.workgroups = journal.map("athena.workgroups", Workgroup.class);
        this.statements = journal.map("athena.statements", PreparedStatement.class);
    }

    /** Makes the administrator's workgroup if it is not there, as the lake's Terraform does on AWS. */
    public void ensureWorkgroup(String bucket, Instant now) {
        String name = new Principal.Admin().workgroup();
        if (workgroup(name).isPresent()) {
            return;
        }
        ObjectNode configuration = JsonApi.object().put("EnforceWorkGroupConfiguration", true);
        configuration
                .putObject("ResultConfiguration")
                .put("OutputLocation", new LakeLayout(bucket).uri(LakeLayout.resultsPrefix(name)));
        Workgroup workgroup = new Workgroup(
                name, true, Optional.of("Queries of the lake's administrator"), configuration, Map.of(), now);
        change(change -> put(change, workgroup));
    }

    void change(Consumer<Change> change) {
        journal.change(change);
    }

    Optional<Workgroup> workgroup(String name) {
        return workgroups.get(Keys.of(name));
    }

    /** @throws AwsFault {@code InvalidRequestException} if there is none */
    Workgroup requireWorkgroup(String name) {
        return workgroup(name)
                .orElseThrow(() -> AwsFault.of("InvalidRequestException", "WorkGroup " + name + " is not found."));
    }

    List<Workgroup> workgroups() {
        return workgroups.values();
    }

    void put(Change change, Workgroup workgroup) {
        change.put(workgroups, Keys.of(workgroup.name()), workgroup);
    }

    void remove(Change change, Workgroup workgroup) {
        statements.keysUnder(Keys.under(workgroup.name())).forEach(key -> change.remove(statements, key));
        change.remove(workgroups, Keys.of(workgroup.name()));
    }

    List<PreparedStatement> statements(String workgroup) {
        return statements.valuesUnder(Keys.under(workgroup));
    }

    Optional<PreparedStatement> statement(String workgroup, String name) {
        return statements.get(Keys.of(workgroup, name));
    }

    /** @throws AwsFault {@code ResourceNotFoundException} if there is none */
    PreparedStatement requireStatement(String workgroup, String name) {
        return statement(workgroup, name)
                .orElseThrow(() -> new AwsFault(
                        400,
                        "ResourceNotFoundException",
                        "PreparedStatement " + name + " was not found in workGroup " + workgroup,
                        Map.of("ResourceName", name)));
    }

    void put(Change change, PreparedStatement statement) {
        change.put(statements, Keys.of(statement.workgroup(), statement.name()), statement);
    }

    void remove(Change change, PreparedStatement statement) {
        change.remove(statements, Keys.of(statement.workgroup(), statement.name()));
    }
}
