package dev.tenantlake.local.identity;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.local.wire.AwsApi;
import dev.tenantlake.local.wire.AwsFault;
import dev.tenantlake.local.wire.Parameters;
import dev.tenantlake.local.wire.QueryApi;
import dev.tenantlake.local.wire.XmlElement;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Security Token Service: who a caller is, and sessions of roles. */
public final class StsApi {

    private static final Pattern ROLE_ARN =
            Pattern.compile("arn:aws:iam::\\d{12}:role/(?:\\S+/)?(?<name>[\\w+=,.@-]+)");
    private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
    private static final int SHORTEST_SESSION = 900;
    private static final String USUAL_SESSION = "3600";

    private final Roles roles;
    private final Sessions sessions;
    private final Permissions permissions;

    private StsApi(Roles roles, Sessions sessions, Permissions permissions) {
        this.roles = requireNonNull(roles, "roles");
        this.sessions = requireNonNull(sessions, "sessions");
        this.permissions = requireNonNull(permissions, "permissions");
    }

    /** The service's API. */
    public static AwsApi create(Roles roles, Sessions sessions, Permissions permissions) {
        StsApi api = new StsApi(roles, sessions, permissions);
        return new QueryApi(
                "sts",
                "https://sts.amazonaws.com/doc/2011-06-15/",
                Map.of("GetCallerIdentity", StsApi::getCallerIdentity, "AssumeRole", api::assumeRole));
    }

    private static void getCallerIdentity(Parameters parameters, Caller caller, XmlElement result) {
        result.with("Arn", caller.arn()).with("UserId", caller.userId()).with("Account", Account.ID);
    }

    private void assumeRole(Parameters parameters, Caller caller, XmlElement result) {
        String arn = parameters.text("RoleArn");
        String name = parameters.text("RoleSessionName");
        if (!SESSION_NAME.matcher(name).matches()) {
            throw invalid("RoleSessionName must have 2 to 64 letters, digits and characters of =,.@-");
        }
        // To pass over a policy of the session's own would permit more than was meant.
        for (String unsupported : List.of("Policy", "PolicyArns.member.1.arn")) {
            if (parameters.optionalText(unsupported).isPresent()) {
                throw invalid("local-aws knows no session policies: leave out " + unsupported);
            }
        }
        Role role = admitting(caller, arn);
        Caller.AssumedRole assumed = new Caller.AssumedRole(role.name(), role.path(), role.id(), name);
        AccessKey key = sessions.create(assumed, duration(parameters, role));
        result.add("Credentials")
                .with("AccessKeyId", key.id())
                .with("SecretAccessKey", key.secret())
                .with("SessionToken", key.sessionToken().orElseThrow())
                .with(
                        "Expiration",
                        key.expires()
                                .orElseThrow()
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString());
        result.add("AssumedRoleUser").with("AssumedRoleId", assumed.userId()).with("Arn", assumed.arn());
    }

    /** Who may not assume a role does not learn whether there is one. */
    private Role admitting(Caller caller, String arn) {
        Matcher matcher = ROLE_ARN.matcher(arn);
        if (!matcher.matches()) {
            throw invalid(arn + " is invalid: expected the ARN of a role");
        }
        return roles.find(matcher.group("name"))
                .filter(role -> role.arn().equals(arn))
                .filter(role -> TrustPolicy.parse(role.trustPolicy()).admits(caller, arn, permissions))
                .orElseThrow(() -> AwsFault.denied(Permissions.refusal(caller, "sts:AssumeRole", arn)));
    }

    private static Duration duration(Parameters parameters, Role role) {
        String text = parameters.optionalText("DurationSeconds").orElse(USUAL_SESSION);
        int seconds;
        try {
            seconds = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw invalid("DurationSeconds must be a whole number");
        }
        if (seconds < SHORTEST_SESSION || seconds > role.longestSession()) {
            throw invalid("The requested DurationSeconds must be " + SHORTEST_SESSION + " to " + role.longestSession()
                    + ", the MaxSessionDuration set for this role.");
        }
        return Duration.ofSeconds(seconds);
    }

    private static AwsFault invalid(String message) {
        return AwsFault.of("ValidationError", message);
    }
}
