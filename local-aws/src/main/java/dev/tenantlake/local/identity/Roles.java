package dev.tenantlake.local.identity;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.state.Change;
import dev.tenantlake.local.state.Journal;
import dev.tenantlake.local.state.JournaledMap;
import dev.tenantlake.local.state.Keys;
import dev.tenantlake.local.wire.AwsFault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The IAM roles that there are. */
public final class Roles {

    private final Journal journal;
    private final JournaledMap<Role> roles;
    private final Map<String, PolicyDocument> parsed = new ConcurrentHashMap<>();

    public Roles(Journal journal) {
        this.journal = requireNonNull(journal, "journal");
        this.roles = journal.map("iam.roles", Role.class);
    }

    /** The policies of somebody who assumed a role: none if that role is gone. */
    public List<PolicyDocument> policiesOf(Caller.AssumedRole caller) {
        return find(caller.role())
                .filter(role -> role.id().equals(caller.roleId()))
                .map(role -> role.policies().values().stream().map(this::parse).toList())
                .orElse(List.of());
    }

    /** The unique id of the principal with that ARN, a user or a role; empty if there is none. */
    public Optional<String> principalId(String arn) {
        for (Caller.User user : Caller.User.values()) {
            if (user.arn().equals(arn)) {
                return Optional.of(user.userId());
            }
        }
        return roles.values().stream()
                .filter(role -> role.arn().equals(arn))
                .map(Role::id)
                .findFirst();
    }

    private PolicyDocument parse(String json) {
        return parsed.computeIfAbsent(json, PolicyDocument::parse);
    }

    Optional<Role> find(String name) {
        return roles.get(Keys.of(name));
    }

    List<Role> all() {
        return roles.values();
    }

    /** @throws AwsFault {@code NoSuchEntity} if there is none */
    Role require(String name) {
        return find(name)
                .orElseThrow(() -> new AwsFault(
                        404, "NoSuchEntity", "The role with name " + name + " cannot be found.", Map.of()));
    }

    void create(Role role) {
        change(change -> {
            if (find(role.name()).isPresent()) {
                throw new AwsFault(
                        409, "EntityAlreadyExists", "Role with name " + role.name() + " already exists.", Map.of());
            }
            change.put(roles, Keys.of(role.name()), role);
        });
    }

    /** Changes a role that must be there. */
    void update(String name, UnaryOperator<Role> update) {
        change(change -> change.put(roles, Keys.of(name), update.apply(require(name))));
    }

    void delete(String name) {
        change(change -> {
            if (!require(name).policies().isEmpty()) {
                throw new AwsFault(
                        409, "DeleteConflict", "Cannot delete entity, must delete policies first.", Map.of());
            }
            change.remove(roles, Keys.of(name));
        });
    }

    private void change(Consumer<Change> change) {
        journal.change(change);
        parsed.clear();
    }
}
