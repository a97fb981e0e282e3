package dev.tenantlake.local.athena;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tenantlake.local.identity.Account;
import dev.tenantlake.local.s3.S3Location;
import dev.tenantlake.local.wire.JsonApi;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * An Athena workgroup: who uses it shares its query history and its results.
 *
 * @param enabled whether queries may be started in it
 * @param configuration a {@code WorkGroupConfiguration}
 * @param tags by key
 */
record Workgroup(
        String name,
        boolean enabled,
        Optional<String> description,
        ObjectNode configuration,
        Map<String, String> tags,
        Instant createdAt) {

    Workgroup {
        requireNonNull(name, "name");
        requireNonNull(description, "description");
        requireNonNull(configuration, "configuration");
        tags = new TreeMap<>(tags);
        requireNonNull(createdAt, "createdAt");
    }

    static String arn(String name) {
        return Account.arn("athena", "workgroup/" + name);
    }

    String arn() {
        return arn(name);
    }

    /** Where results go, if the workgroup says so. */
    Optional<S3Location> resultLocation() {
        return S3Location.parse(
                configuration.path("ResultConfiguration").path("OutputLocation").asText());
    }

    /** Whether its settings go before those of a client. */
    boolean enforces() {
        return configuration.path("EnforceWorkGroupConfiguration").asBoolean(true);
    }

    /** How much a query may read, in bytes. */
    OptionalLong scanLimit() {
        return configuration.has("BytesScannedCutoffPerQuery")
                ? OptionalLong.of(
                        configuration.get("BytesScannedCutoffPerQuery").asLong())
                : OptionalLong.empty();
    }

    Workgroup with(boolean newEnabled, Optional<String> newDescription, ObjectNode newConfiguration) {
        return new Workgroup(name, newEnabled, newDescription, newConfiguration, tags, createdAt);
    }

    Workgroup withTags(Map<String, String> newTags) {
        return new Workgroup(name, enabled, description, configuration, newTags, createdAt);
    }

    String state() {
        return enabled ? "ENABLED" : "DISABLED";
    }

    ObjectNode describe() {
        ObjectNode node = JsonApi.object().put("Name", name).put("State", state());
        ObjectNode described = configuration.deepCopy();
        described.put("EnforceWorkGroupConfiguration", enforces());
        described.set("EngineVersion", engineVersion());
        node.set("Configuration", described);
        description.ifPresent(text -> node.put("Description", text));
        return node.put("CreationTime", JsonApi.time(createdAt));
    }

    static ObjectNode engineVersion() {
        return JsonApi.object()
                .put("SelectedEngineVersion", "AUTO")
                .put("EffectiveEngineVersion", "Athena engine version 3");
    }
}
