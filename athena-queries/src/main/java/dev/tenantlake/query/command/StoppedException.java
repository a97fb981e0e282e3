package dev.tenantlake.query.command;

import dev.tenantlake.model.LakeException;

/** The work ended early because somebody asked for that. */
public final class StoppedException extends LakeException {

    public StoppedException(String message) {
        super(Kind.QUERY, message);
    }
}
