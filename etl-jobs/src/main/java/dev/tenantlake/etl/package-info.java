/**
 * The Spark jobs of the lake: bronze to silver and silver to gold, once or continuously. {@link
 * dev.tenantlake.etl.LakeJob} is what {@code spark-submit} runs.
 */
package dev.tenantlake.etl;
