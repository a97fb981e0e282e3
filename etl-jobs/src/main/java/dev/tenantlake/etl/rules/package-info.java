/**
 * What the lake asks of the rows of its tables: read from {@code rules.yaml}, and from a file of the operator's own that
 * takes its place table by table.
 */
package dev.tenantlake.etl.rules;
