package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import software.amazon.awssdk.arns.Arn;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Where the lake's resources are.
 *
 * @param partition {@code aws}, or that of a region apart
 * @param id the account's twelve digits
 * @param region the region of the services that have one
 */
record Account(String partition, String id, String region) {

    Account {
        requireNonNull(partition, "partition");
        requireNonNull(id, "id");
        requireNonNull(region, "region");
    }

    /** The account of the caller. */
    static Account of(StsClient sts, String region) {
        Arn caller = Arn.fromString(sts.getCallerIdentity().arn());
        return new Account(caller.partition(), caller.accountId().orElseThrow(), region);
    }

    /** The name of a resource of a service that has regions. */
    String arn(String service, String resource) {
        return "arn:" + partition + ":" + service + ":" + region + ":" + id + ":" + resource;
    }

    /** The name of an identity. */
    String iamArn(String resource) {
        return "arn:" + partition + ":iam::" + id + ":" + resource;
    }

    /** The name of a bucket, or of objects in it. */
    String s3Arn(String bucketAndKey) {
        return "arn:" + partition + ":s3:::" + bucketAndKey;
    }
}
