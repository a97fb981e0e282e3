package dev.tenantlake.local.identity;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/** Who made a call, known by the key that it is signed with. */
public sealed interface Caller {

    /** The ARN that the caller is known by in AWS' answers and messages. */
    String arn();

    /** The ARN that grants name: of an assumed role the role's own. */
    default String principalArn() {
        return arn();
    }

    /** The unique id, as {@code GetCallerIdentity} gives it. */
    String userId();

    /** One of the users that are there from the start. */
    enum User implements Caller {
        /** May do everything; the administrator of the data lake. */
        ADMIN("admin"),
        /** What moves data through the lake: reads and writes S3 and the Glue Data Catalog. */
        PIPELINE("pipeline"),
        /** The query engine behind Athena: reads S3 and the Glue Data Catalog. Its key is known to nobody else. */
        QUERY_ENGINE("query-engine");

        private final String userName;

        User(String userName) {
            this.userName = userName;
        }

        public String userName() {
            return userName;
        }

        @Override
        public String arn() {
            return Account.userArn(userName);
        }

        @Override
        public String userId() {
            return "AIDA" + userName.toUpperCase(Locale.ROOT).replace("-", "");
        }
    }

    /**
     * Somebody who assumed a role.
     *
     * @param role the role's name
     * @param path the role's path, {@code /} unless it was created with another
     * @param roleId the role's unique id: a role that was deleted and created anew is another
     * @param session what the session was called
     */
    record AssumedRole(String role, String path, String roleId, String session) implements Caller {

        public AssumedRole {
            requireNonNull(role, "role");
            requireNonNull(path, "path");
            requireNonNull(roleId, "roleId");
            requireNonNull(session, "session");
        }

        @Override
        public String arn() {
            return "arn:aws:sts::" + Account.ID + ":assumed-role/" + role + "/" + session;
        }

        @Override
        public String principalArn() {
            return Account.roleArn(path, role);
        }

        @Override
        public String userId() {
            return roleId + ":" + session;
        }
    }
}
