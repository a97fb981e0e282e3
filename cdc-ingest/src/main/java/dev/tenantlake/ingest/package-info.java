/**
 * The source's changes, carried into bronze.
 *
 * <p>{@link dev.tenantlake.ingest.Ingest} makes one attempt after another, each like the first: look at both sides
 * ({@code Preflight}), remove what an epoch left that never got its manifest ({@code bronze.OrphanSweep}), load the
 * snapshot if the lake has no epoch ({@code snapshot}), then follow the change stream ({@code stream}). Both ways read
 * values by the same rules ({@code source.ValueCodec}) and end in the same files and manifests ({@code bronze}), written
 * column by column ({@code parquet}). Whatever fails, the attempt is given up as if the process had been killed, and the
 * next one resumes after the last manifest: the only position there is.
 */
package dev.tenantlake.ingest;
