package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.LakeLayout;
import dev.tenantlake.model.Principal;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.Tag;
import software.amazon.awssdk.services.athena.model.WorkGroupConfiguration;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/**
 * The Athena workgroups of the analysts: one each, since who uses a workgroup sees its history and its results. A
 * workgroup goes together with the results that its queries left.
 */
final class AnalystWorkgroups {

    private static final String ENGINE = "Athena engine version 3";

    private final AthenaClient athena;
    private final S3Client s3;
    private final LakeLayout layout;
    private final long scanLimit;
    private final ChangeLog changes;

    /**
     * The workgroups of a lake.
     *
     * @param scanLimit how many bytes one query of an analyst may read
     */
    AnalystWorkgroups(AthenaClient athena, S3Client s3, LakeLayout layout, long scanLimit, ChangeLog changes) {
        this.athena = requireNonNull(athena, "athena");
        this.s3 = requireNonNull(s3, "s3");
        this.layout = requireNonNull(layout, "layout");
        this.scanLimit = scanLimit;
        this.changes = requireNonNull(changes, "changes");
    }

    /**
     * A workgroup that has the name of an analyst's.
     *
     * @param name the workgroup's name
     * @param tenantId the tenant for whom it was made; empty if it is not ours
     */
    record Existing(String name, OptionalLong tenantId) {

        String slug() {
            return name.substring(AnalystNames.WORKGROUP_PREFIX.length());
        }
    }

    /** The workgroups that there are, by slug. */
    Map<String, Existing> existing() {
        return athena.listWorkGroupsPaginator(list -> list.build()).stream()
                .flatMap(page -> page.workGroups().stream())
                .filter(workgroup -> workgroup.name().startsWith(AnalystNames.WORKGROUP_PREFIX))
                .map(workgroup -> new Existing(workgroup.name(), AnalystNames.markedTenant(workgroup.description())))
                .collect(Collectors.toMap(Existing::slug, Function.identity()));
    }

    /** Makes the analyst's workgroup, in which nobody but the workgroup itself says where results go. */
    void create(Principal.Analyst analyst, long tenantId) {
        athena.createWorkGroup(create -> create.name(analyst.workgroup())
                .description(AnalystNames.mark(tenantId))
                .tags(Tag.builder()
                        .key("tenantlake:tenant")
                        .value(analyst.slug())
                        .build())
                .configuration(configuration -> configuration
                        .enforceWorkGroupConfiguration(true)
                        .publishCloudWatchMetricsEnabled(true)
                        .bytesScannedCutoffPerQuery(scanLimit)
                        .engineVersion(engine -> engine.selectedEngineVersion(ENGINE))
                        .resultConfiguration(results -> results.outputLocation(location(analyst)))));
        changes.changed(Change.Action.CREATED, Change.Kind.WORKGROUP, analyst.workgroup());
    }

    /** Gives a workgroup of ours the settings that it is to have, unless it has them. */
    void ensure(Principal.Analyst analyst) {
        WorkGroupConfiguration present = athena.getWorkGroup(get -> get.workGroup(analyst.workgroup()))
                .workGroup()
                .configuration();
        if (Boolean.TRUE.equals(present.enforceWorkGroupConfiguration())
                && Long.valueOf(scanLimit).equals(present.bytesScannedCutoffPerQuery())
                && present.resultConfiguration() != null
                && location(analyst).equals(present.resultConfiguration().outputLocation())) {
            changes.kept();
            return;
        }
        athena.updateWorkGroup(update -> update.workGroup(analyst.workgroup())
                .configurationUpdates(configuration -> configuration
                        .enforceWorkGroupConfiguration(true)
                        .bytesScannedCutoffPerQuery(scanLimit)
                        .resultConfigurationUpdates(results -> results.outputLocation(location(analyst)))));
        changes.changed(Change.Action.UPDATED, Change.Kind.WORKGROUP, analyst.workgroup());
    }

    /** Removes a workgroup with its history, and before it the results, so that who comes next finds nothing of it. */
    void remove(Existing workgroup) {
        removeResults(workgroup.name());
        athena.deleteWorkGroup(delete -> delete.workGroup(workgroup.name()).recursiveDeleteOption(true));
        changes.changed(Change.Action.REMOVED, Change.Kind.WORKGROUP, workgroup.name());
    }

    private void removeResults(String workgroup) {
        String prefix = LakeLayout.resultsPrefix(workgroup);
        boolean removed = false;
        while (true) {
            ListObjectsV2Response page =
                    s3.listObjectsV2(list -> list.bucket(layout.bucket()).prefix(prefix));
            List<ObjectIdentifier> keys = page.contents().stream()
                    .map(object -> ObjectIdentifier.builder().key(object.key()).build())
                    .toList();
            if (keys.isEmpty()) {
                break;
            }
            List<S3Error> failures = s3.deleteObjects(
                            delete -> delete.bucket(layout.bucket()).delete(objects -> objects.objects(keys)))
                    .errors();
            if (!failures.isEmpty()) {
                throw new LakeException(
                        LakeException.Kind.DENIED,
                        "S3 did not delete " + failures.size() + " results under " + layout.uri(prefix) + ": "
                                + failures.get(0).code() + ": "
                                + failures.get(0).message());
            }
            removed = true;
            if (!Boolean.TRUE.equals(page.isTruncated())) {
                break;
            }
        }
        if (removed) {
            changes.changed(Change.Action.REMOVED, Change.Kind.RESULTS, layout.uri(prefix));
        }
    }

    private String location(Principal.Analyst analyst) {
        return layout.uri(LakeLayout.resultsPrefix(analyst.workgroup()));
    }
}
