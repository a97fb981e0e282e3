package dev.tenantlake.local.identity;

/** The one account and region that there is. */
public final class Account {

    public static final String ID = "000000000000";
    public static final String REGION = "us-east-1";

    private Account() {}

    /** The ARN of an IAM user. */
    public static String userArn(String name) {
        return "arn:aws:iam::" + ID + ":user/" + name;
    }

    /** The ARN of an IAM role. */
    public static String roleArn(String path, String name) {
        return "arn:aws:iam::" + ID + ":role" + path + name;
    }

    /** The ARN of a resource of a service in the region. */
    public static String arn(String service, String resource) {
        return "arn:aws:" + service + ":" + REGION + ":" + ID + ":" + resource;
    }
}
