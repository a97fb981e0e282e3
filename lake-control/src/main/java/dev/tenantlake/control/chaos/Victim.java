package dev.tenantlake.control.chaos;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.control.lake.DataDirectory;
import dev.tenantlake.control.lake.LakeRecord;
import dev.tenantlake.control.lake.Leftovers;
import dev.tenantlake.control.process.ProcessIdentity;
import java.util.Optional;

/** A process of the lake that may be killed. */
enum Victim {
    /** From Postgres to bronze. */
    CDC_INGEST("cdc-ingest", 30),
    /** From bronze to silver and gold. */
    SPARK_JOB("etl-jobs", 30),
    /** S3, Glue, Lake Formation, Athena. */
    LOCAL_AWS("local-aws", 15),
    /** The source's postmaster. */
    POSTGRES("postgres", 18),
    /** Who starts the others again; after it, somebody has to call {@code up}. */
    SUPERVISOR("supervisor", 7);

    private final String process;
    private final int weight;

    Victim(String process, int weight) {
        this.process = requireNonNull(process, "process");
        this.weight = weight;
    }

    /** What the process is called in a report. */
    String process() {
        return process;
    }

    /** How often it is chosen, in hundredths. */
    int weight() {
        return weight;
    }

    /** The process, or empty if it does not run at the moment. */
    Optional<ProcessIdentity> find(DataDirectory directory) {
        Optional<ProcessIdentity> found = switch (this) {
            case POSTGRES -> new Leftovers(directory).postmaster();
            case SUPERVISOR -> LakeRecord.read(directory).map(LakeRecord::supervisor);
            case CDC_INGEST, SPARK_JOB, LOCAL_AWS ->
                LakeRecord.read(directory)
                        .flatMap(record -> record.service(process))
                        .flatMap(service -> service.process());
        };
        return found.filter(ProcessIdentity::isAlive);
    }
}
