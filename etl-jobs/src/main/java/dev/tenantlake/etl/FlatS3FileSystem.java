package dev.tenantlake.etl;

import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.fs.s3a.S3AFileSystem;

/**
 * S3 as it is: without folders. Hadoop's connector makes an empty object for each folder that a program asks for, and
 * looks before whether it, or a folder above it, is there: a third of all requests of a Hudi commit, for something that
 * nobody reads.
 */
public final class FlatS3FileSystem extends S3AFileSystem {

    @Override
    public boolean mkdirs(Path folder, FsPermission permission) {
        return true;
    }
}
