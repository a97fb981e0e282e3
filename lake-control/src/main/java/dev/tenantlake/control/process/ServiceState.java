package dev.tenantlake.control.process;

/** What a service is doing. */
public enum ServiceState {
    /** Not started yet: what it needs is not there. */
    WAITING,
    /** Its process runs, and has not answered yet. */
    STARTING,
    /** Its process runs. */
    RUNNING,
    /** Its process died; it is started again after a while. */
    BACKING_OFF,
    /** Its process ended with an error that starting it again will not mend. */
    FAILED,
    /** It was to run once, and has. */
    DONE,
    /** It was told to stop, and has. */
    STOPPED
}
