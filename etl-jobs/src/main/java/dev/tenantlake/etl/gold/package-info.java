/**
 * Silver to gold: figures by tenant and day, one Hudi table and one {@link dev.tenantlake.etl.gold.GoldSubject} each.
 *
 * <p>A day is a calendar day in the tenant's own time zone. Gold is computed from silver's files as of one epoch, so it
 * never mixes two states of the source, also while another process goes on writing silver. What an epoch's bronze rows
 * touch are whole days of tenants: those are computed anew from silver, and what gold has of them is replaced, rows
 * that vanish included, in one commit per table. A change of a tenant's time zone, and a tenant that comes or goes,
 * touch all its days. A tenant whose row is in quarantine has no time zone, and so no days in gold until it is mended.
 */
package dev.tenantlake.etl.gold;
