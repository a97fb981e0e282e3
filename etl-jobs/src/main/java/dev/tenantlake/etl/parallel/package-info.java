/** Work on several tables at a time. */
package dev.tenantlake.etl.parallel;
