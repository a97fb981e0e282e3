/**
 * The lake's Hudi tables: how they are written, what their timelines say, which files hold a table as of an epoch, and
 * how Glue comes to know them.
 *
 * <p>All are copy-on-write tables of version 6, what Athena reads, with one bucket per partition, so that a commit
 * finds the file of a key without an index and rewrites only the files of the partitions that it touches. Nothing is
 * kept beside the data: no metadata table, no timeline server, no Hive sync.
 */
package dev.tenantlake.etl.hudi;
