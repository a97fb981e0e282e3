package dev.tenantlake.query.command;

import dev.tenantlake.model.AwsClients;

/** What a command is given by the process that it runs in. */
public interface Environment {

    /** Clients with the process's own credentials; the caller closes them. */
    AwsClients clients();
}
