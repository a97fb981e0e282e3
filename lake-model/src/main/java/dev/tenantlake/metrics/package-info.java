/** What a service tells of itself while it runs, for Prometheus and whoever reads its format. */
package dev.tenantlake.metrics;
