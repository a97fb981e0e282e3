/** Which of several jobs writes a layer. */
package dev.tenantlake.etl.claim;
