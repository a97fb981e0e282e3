package dev.tenantlake.etl.bronze;

/**
 * How much a layer takes in with one commit at most, so that what it holds in memory stays bounded however far behind it
 * is. An epoch is never divided.
 *
 * @param epochs how many epochs
 * @param rows how many change rows, unless a single epoch has more
 */
public record BatchLimit(int epochs, long rows) {}
