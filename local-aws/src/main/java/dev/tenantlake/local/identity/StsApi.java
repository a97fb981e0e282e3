package dev.tenantlake.local.identity;

import dev.tenantlake.local.wire.AwsApi;
import dev.tenantlake.local.wire.Parameters;
import dev.tenantlake.local.wire.QueryApi;
import dev.tenantlake.local.wire.XmlElement;
import java.util.Map;

/** The Security Token Service: who a caller is, and sessions of roles. */
public final class StsApi {

    private StsApi() {}

    /** The service's API. */
    public static AwsApi create() {
        return new QueryApi(
                "sts",
                "https://sts.amazonaws.com/doc/2011-06-15/",
                Map.of("GetCallerIdentity", StsApi::getCallerIdentity));
    }

    private static void getCallerIdentity(Parameters parameters, Caller caller, XmlElement result) {
        result.with("Arn", caller.arn()).with("UserId", caller.userId()).with("Account", Account.ID);
    }
}
