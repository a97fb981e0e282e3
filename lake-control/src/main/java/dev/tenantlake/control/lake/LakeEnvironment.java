package dev.tenantlake.control.lake;

import dev.tenantlake.model.LakeConfig;
import java.util.Map;
import java.util.TreeMap;

/** The environment variables that tell a process which lake it works on, and as whom. No secret is among them. */
public final class LakeEnvironment {

    private LakeEnvironment() {}

    /**
     * The variables of a process that works on the lake.
     *
     * @param profile of the credentials file: {@code admin} or {@code pipeline}
     */
    public static Map<String, String> of(LocalServices services, DataDirectory directory, String profile) {
        Map<String, String> environment = new TreeMap<>();
        environment.put(LakeConfig.ENDPOINT, services.awsEndpoint().toString());
        environment.put(LakeConfig.S3_ENDPOINT, services.s3Endpoint().toString());
        environment.put(LakeConfig.REGION, services.region());
        environment.put("AWS_DEFAULT_REGION", services.region());
        environment.put(LakeConfig.BUCKET, services.bucket());
        environment.put(
                "AWS_SHARED_CREDENTIALS_FILE", directory.awsCredentials().toString());
        environment.put("AWS_PROFILE", profile);
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        environment.putAll(ofPostgres(services, directory));
        return environment;
    }

    /** The variables with which any libpq program finds the source. */
    public static Map<String, String> ofPostgres(LocalServices services, DataDirectory directory) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PGHOST", services.postgres().host());
        environment.put("PGPORT", Integer.toString(services.postgres().port()));
        environment.put("PGDATABASE", services.postgres().database());
        environment.put("PGUSER", services.postgres().user());
        environment.put("PGPASSFILE", directory.pgpass().toString());
        return environment;
    }
}
