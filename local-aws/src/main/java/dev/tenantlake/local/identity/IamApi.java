package dev.tenantlake.local.identity;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.wire.AwsApi;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.local.wire.Page;
import dev.tenantlake.local.wire.Parameters;
import dev.tenantlake.local.wire.QueryApi;
import dev.tenantlake.local.wire.QueryOperation;
import dev.tenantlake.local.wire.XmlElement;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Identity and Access Management: roles, their inline policies and their tags. */
public final class IamApi {

    private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{1,64}");
    private static final Pattern POLICY_NAME = Pattern.compile("[\\w+=,.@-]{1,128}");
    private static final Pattern PATH = Pattern.compile("/(?:[!-~]+/)?");
    /** By IAM's quotas: the characters, white space aside, of a role's inline policies together. */
    private static final int LONGEST_POLICIES = 10_240;

    private static final int SHORTEST_LONGEST_SESSION = 3600;
    private static final int LONGEST_SESSION = 43_200;
    private static final int PAGE = 100;

    private final Roles roles;
    private final Permissions permissions;
    private final Clock clock;

    private IamApi(Roles roles, Permissions permissions, Clock clock) {
        this.roles = requireNonNull(roles, "roles");
        this.permissions = requireNonNull(permissions, "permissions");
        this.clock = requireNonNull(clock, "clock");
    }

    /** The service's API. */
    public static AwsApi create(Roles roles, Permissions permissions, Clock clock) {
        IamApi api = new IamApi(roles, permissions, clock);
        Map<String, QueryOperation> operations = new HashMap<>();
        operations.put("CreateRole", api::createRole);
        operations.put("GetRole", api::getRole);
        operations.put("ListRoles", api::listRoles);
        operations.put("UpdateRole", api::updateRole);
        operations.put("UpdateAssumeRolePolicy", api::updateTrustPolicy);
        operations.put("DeleteRole", api::deleteRole);
        operations.put("PutRolePolicy", api::putPolicy);
        operations.put("GetRolePolicy", api::getPolicy);
        operations.put("ListRolePolicies", api::listPolicies);
        operations.put("DeleteRolePolicy", api::deletePolicy);
        operations.put("TagRole", api::tag);
        operations.put("UntagRole", api::untag);
        operations.put("ListRoleTags", api::listTags);
        operations.put("ListAttachedRolePolicies", api.none("iam:ListAttachedRolePolicies", "AttachedPolicies"));
        operations.put("ListInstanceProfilesForRole", api.none("iam:ListInstanceProfilesForRole", "InstanceProfiles"));
        return new QueryApi("iam", "https://iam.amazonaws.com/doc/2010-05-08/", operations);
    }

    private void createRole(Parameters parameters, Caller caller, XmlElement result) {
        String name = parameters.text("RoleName");
        String path = parameters.optionalText("Path").orElse("/");
        require(NAME.matcher(name).matches(), "RoleName must have 1 to 64 letters, digits and characters of +=,.@-_");
        require(PATH.matcher(path).matches(), "Path must begin and end with a slash");
        require(
                parameters.optionalText("PermissionsBoundary").isEmpty(),
                "PermissionsBoundary is not evaluated here, and a role is not made wider than it was meant: leave it out");
        permissions.require(caller, "iam:CreateRole", Account.roleArn(path, name));
        String trust = parameters.text("AssumeRolePolicyDocument");
        TrustPolicy.parse(trust);
        Role role = new Role(
                name,
                path,
                AccessKey.uniqueId("AROA"),
                trust,
                parameters.optionalText("Description"),
                longestSession(parameters).orElse(SHORTEST_LONGEST_SESSION),
                Map.of(),
                tags(parameters),
                clock.instant().truncatedTo(ChronoUnit.SECONDS));
        roles.create(role);
        describe(role, result.add("Role"));
    }

    private void getRole(Parameters parameters, Caller caller, XmlElement result) {
        describe(role(parameters, caller, "iam:GetRole"), result.add("Role"));
    }

    private void listRoles(Parameters parameters, Caller caller, XmlElement result) {
        permissions.require(caller, "iam:ListRoles", "arn:aws:iam::" + Account.ID + ":role/");
        String prefix = parameters.optionalText("PathPrefix").orElse("/");
        int size = number(parameters, "MaxItems").orElse(PAGE);
        require(size >= 1 && size <= 1000, "MaxItems must be 1 to 1000");
        Page<Role> page = Page.of(
                roles.all().stream()
                        .filter(role -> role.path().startsWith(prefix))
                        .toList(),
                Role::name,
                parameters.optionalText("Marker"),
                size,
                message -> AwsFault.of("ValidationError", message));
        XmlElement list = result.add("Roles");
        page.elements().forEach(role -> describe(role, list.add("member")));
        result.with("IsTruncated", String.valueOf(page.nextToken().isPresent()));
        page.nextToken().ifPresent(marker -> result.with("Marker", marker));
    }

    private void updateRole(Parameters parameters, Caller caller, XmlElement result) {
        Role role = role(parameters, caller, "iam:UpdateRole");
        Optional<Integer> longest = longestSession(parameters);
        Optional<String> description = parameters.optionalText("Description");
        roles.update(
                role.name(),
                present ->
                        present.with(description.or(present::description), longest.orElse(present.longestSession())));
    }

    private void updateTrustPolicy(Parameters parameters, Caller caller, XmlElement result) {
        Role role = role(parameters, caller, "iam:UpdateAssumeRolePolicy");
        String trust = parameters.text("PolicyDocument");
        TrustPolicy.parse(trust);
        roles.update(role.name(), present -> present.withTrustPolicy(trust));
    }

    private void deleteRole(Parameters parameters, Caller caller, XmlElement result) {
        roles.delete(role(parameters, caller, "iam:DeleteRole").name());
    }

    private void putPolicy(Parameters parameters, Caller caller, XmlElement result) {
        Role role = role(parameters, caller, "iam:PutRolePolicy");
        String name = parameters.text("PolicyName");
        require(POLICY_NAME.matcher(name).matches(), "PolicyName must have 1 to 128 letters, digits and +=,.@-_");
        String document = parameters.text("PolicyDocument");
        PolicyDocument.parse(document);
        roles.update(role.name(), present -> {
            Map<String, String> policies = new TreeMap<>(present.policies());
            policies.put(name, document);
            requireShort(role.name(), policies);
            return present.withPolicies(policies);
        });
    }

    private static void requireShort(String role, Map<String, String> policies) {
        int length = policies.values().stream()
                .mapToInt(policy -> policy.replaceAll("\\s", "").length())
                .sum();
        if (length > LONGEST_POLICIES) {
            throw new AwsFault(
                    409,
                    "LimitExceeded",
                    "Maximum policy size of " + LONGEST_POLICIES + " bytes exceeded for role " + role,
                    Map.of());
        }
    }

    private void getPolicy(Parameters parameters, Caller caller, XmlElement result) {
        Role role = role(parameters, caller, "iam:GetRolePolicy");
        String name = parameters.text("PolicyName");
        String document = policy(role, name);
        result.with("RoleName", role.name()).with("PolicyName", name).with("PolicyDocument", encode(document));
    }

    private void listPolicies(Parameters parameters, Caller caller, XmlElement result) {
        Role role = role(parameters, caller, "iam:ListRolePolicies");
        XmlElement list = result.add("PolicyNames");
        role.policies().keySet().forEach(name -> list.with("member", name));
        result.with("IsTruncated", "false");
    }

    private void deletePolicy(Parameters parameters, Caller caller, XmlElement result) {
        Role role = role(parameters, caller, "iam:DeleteRolePolicy");
        String name = parameters.text("PolicyName");
        roles.update(role.name(), present -> {
            policy(present, name);
            Map<String, String> policies = new TreeMap<>(present.policies());
            policies.remove(name);
            return present.withPolicies(policies);
        });
    }

    private void tag(Parameters parameters, Caller caller, XmlElement result) {
        Role role = role(parameters, caller, "iam:TagRole");
        Map<String, String> added = tags(parameters);
        roles.update(role.name(), present -> {
            Map<String, String> tags = new TreeMap<>(present.tags());
            tags.putAll(added);
            return present.withTags(tags);
        });
    }

    private void untag(Parameters parameters, Caller caller, XmlElement result) {
        Role role = role(parameters, caller, "iam:UntagRole");
        List<String> removed = parameters.texts("TagKeys");
        roles.update(role.name(), present -> {
            Map<String, String> tags = new TreeMap<>(present.tags());
            removed.forEach(tags::remove);
            return present.withTags(tags);
        });
    }

    private void listTags(Parameters parameters, Caller caller, XmlElement result) {
        describeTags(role(parameters, caller, "iam:ListRoleTags"), result);
        result.with("IsTruncated", "false");
    }

    private QueryOperation none(String action, String list) {
        return (parameters, caller, result) -> {
            role(parameters, caller, action);
            result.add(list);
            result.with("IsTruncated", "false");
        };
    }

    private Role role(Parameters parameters, Caller caller, String action) {
        String name = parameters.text("RoleName");
        permissions.require(caller, action, roles.find(name).map(Role::arn).orElse(Account.roleArn("/", name)));
        return roles.require(name);
    }

    private static String policy(Role role, String name) {
        String document = role.policies().get(name);
        if (document == null) {
            throw new AwsFault(
                    404, "NoSuchEntity", "The role policy with name " + name + " cannot be found.", Map.of());
        }
        return document;
    }

    private static Map<String, String> tags(Parameters parameters) {
        Map<String, String> tags = new TreeMap<>();
        for (String prefix : parameters.structures("Tags")) {
            tags.put(
                    parameters.text(prefix + "Key"),
                    parameters.optionalText(prefix + "Value").orElse(""));
        }
        return tags;
    }

    private static Optional<Integer> longestSession(Parameters parameters) {
        Optional<Integer> seconds = number(parameters, "MaxSessionDuration");
        seconds.ifPresent(value -> require(
                value >= SHORTEST_LONGEST_SESSION && value <= LONGEST_SESSION,
                "MaxSessionDuration must be " + SHORTEST_LONGEST_SESSION + " to " + LONGEST_SESSION));
        return seconds;
    }

    private static Optional<Integer> number(Parameters parameters, String name) {
        return parameters.optionalText(name).map(text -> {
            try {
                return Integer.valueOf(text);
            } catch (NumberFormatException e) {
                throw AwsFault.of("ValidationError", name + " must be a whole number");
            }
        });
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw AwsFault.of("ValidationError", otherwise);
        }
    }

    private static void describe(Role role, XmlElement element) {
        element.with("Path", role.path())
                .with("RoleName", role.name())
                .with("RoleId", role.id())
                .with("Arn", role.arn())
                .with("CreateDate", role.createdAt().toString())
                .with("AssumeRolePolicyDocument", encode(role.trustPolicy()))
                .with("MaxSessionDuration", String.valueOf(role.longestSession()));
        role.description().ifPresent(description -> element.with("Description", description));
        describeTags(role, element);
    }

    private static void describeTags(Role role, XmlElement element) {
        XmlElement list = element.add("Tags");
        role.tags().forEach((key, value) -> list.add("member").with("Key", key).with("Value", value));
    }

    /** IAM gives policies percent-encoded, as RFC 3986 says it. */
    private static String encode(String document) {
        return URLEncoder.encode(document, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
