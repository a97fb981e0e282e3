/** Reads bronze: exactly the files that epoch manifests list, never a listing, each with the schema it was written with. */
package dev.tenantlake.etl.bronze;
