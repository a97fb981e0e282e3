/** S3 as Spark and Hudi see it: how its connector is set up, and what it need not ask. */
package dev.tenantlake.etl.s3;
