package dev.tenantlake.local.identity;

import java.util.Optional;

/** Finds access keys. */
@FunctionalInterface
public interface AccessKeys {

    /** The key with that id, expired or not; empty if there is none. */
    Optional<AccessKey> find(String accessKeyId);
}
