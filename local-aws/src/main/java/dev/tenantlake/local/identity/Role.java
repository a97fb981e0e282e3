package dev.tenantlake.local.identity;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An IAM role.
 *
 * @param id unique: a role that was deleted and created anew under its name has another
 * @param trustPolicy who may assume it, as it was given
 * @param longestSession in seconds
 * @param policies its inline policies by name, each as it was given
 * @param tags by key
 */
record Role(
        String name,
        String path,
        String id,
        String trustPolicy,
        Optional<String> description,
        int longestSession,
        Map<String, String> policies,
        Map<String, String> tags,
        Instant createdAt) {

    Role {
        requireNonNull(name, "name");
        requireNonNull(path, "path");
        requireNonNull(id, "id");
        requireNonNull(trustPolicy, "trustPolicy");
        requireNonNull(description, "description");
        policies = new TreeMap<>(policies);
        tags = new TreeMap<>(tags);
        requireNonNull(createdAt, "createdAt");
    }

    String arn() {
        return Account.roleArn(path, name);
    }

    Role withTrustPolicy(String policy) {
        return new Role(name, path, id, policy, description, longestSession, policies, tags, createdAt);
    }

    Role with(Optional<String> newDescription, int newLongestSession) {
        return new Role(name, path, id, trustPolicy, newDescription, newLongestSession, policies, tags, createdAt);
    }

    Role withPolicies(Map<String, String> newPolicies) {
        return new Role(name, path, id, trustPolicy, description, longestSession, newPolicies, tags, createdAt);
    }

    Role withTags(Map<String, String> newTags) {
        return new Role(name, path, id, trustPolicy, description, longestSession, policies, newTags, createdAt);
    }
}
