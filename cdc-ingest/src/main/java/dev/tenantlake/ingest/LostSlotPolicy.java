package dev.tenantlake.ingest;

/** What to do about a lake whose slot is gone, or lost log that it needs. */
public enum LostSlotPolicy {
    /** Load all tables anew through a new slot. What the source was in between is missing in bronze's history. */
    RESNAPSHOT,
    /** Stop, and say so. */
    STOP
}
