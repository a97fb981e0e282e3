/**
 * Parquet files written column by column. Parquet's Java library takes records apart into columns, which costs several
 * calls for each value; here each value goes straight into its column in the form that it has in the file, and a page of
 * a column is made at one go. Compressing pages, row groups, statistics, indexes and the footer are the library's.
 */
package dev.tenantlake.parquet;
