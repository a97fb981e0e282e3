/** Looks now and then at all rows of silver, for what can be told of no row by itself. */
package dev.tenantlake.etl.audit;
