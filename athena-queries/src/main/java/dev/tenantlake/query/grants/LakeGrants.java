package dev.tenantlake.query.grants;

import static java.util.Objects.requireNonNull;

import dev.tenantlake.model.GrantsPosition;
import dev.tenantlake.model.LakeConfig;
import dev.tenantlake.model.LakeException;
import dev.tenantlake.model.Layer;
import dev.tenantlake.model.LayerPositions;
import dev.tenantlake.model.SourceTable;
import dev.tenantlake.query.command.StopRequest;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.lakeformation.model.AlreadyExistsException;

/** The grants of one lake: what they have to be in step with, and the services that hold them. */
final class LakeGrants {

    private final LakeConfig config;
    private final Options options;
    private final StopRequest stop;
    private final Clock clock;
    private final LakeServices services;
    private final TenantDirectory directory;

    /**
     * What an operator may decide.
     *
     * @param scanLimit how many bytes one query of an analyst may read
     * @param assumableBy the ARNs of the principals that may act as an analyst; empty for the account's own
     * @param permissionsBoundary the ARN of the policy that every analyst's role is bounded by, if there is to be one
     */
    record Options(long scanLimit, List<String> assumableBy, Optional<String> permissionsBoundary) {
        Options {
            assumableBy = List.copyOf(assumableBy);
            requireNonNull(permissionsBoundary, "permissionsBoundary");
        }
    }

    /**
     * What the grants have to be in step with.
     *
     * @param tenantsEpoch the epoch of the last change to silver's {@code tenants}; 0 if none is known
     * @param tables the tables that there are
     */
    record Observed(long tenantsEpoch, LakeTables tables) {}

    /**
     * The grants of a lake.
     *
     * @param directory says who the tenants are
     * @param stop ends what is waiting for a service
     */
    LakeGrants(
            LakeConfig config,
            LakeServices services,
            TenantDirectory directory,
            Options options,
            StopRequest stop,
            Clock clock) {
        this.config = requireNonNull(config, "config");
        this.services = requireNonNull(services, "services");
        this.directory = requireNonNull(directory, "directory");
        this.options = requireNonNull(options, "options");
        this.stop = requireNonNull(stop, "stop");
        this.clock = requireNonNull(clock, "clock");
    }

    /** What the grants have to be in step with now. */
    Observed observe() {
        long tenantsEpoch = new LayerPositions(services.s3(), config.layout())
                .read(Layer.SILVER)
                .map(position -> position.tables().getOrDefault(SourceTable.TENANTS.name(), 0L))
                .orElse(0L);
        return new Observed(tenantsEpoch, LakeTables.of(services.glue()));
    }

    /**
     * Reads who the tenants are, brings the grants in step with that, and says in the lake that they are.
     *
     * @param observed before the tenants are read, so that what is said of them is true
     * @throws LakeException of kind {@code UNFIT} if the lake has no tenants' table yet or leaves a table open to
     *     everybody, {@code IN_USE} if somebody else applies grants at the same time
     */
    GrantsReport apply(Observed observed) {
        if (!observed.tables().hasTenants()) {
            throw new LakeException(
                    LakeException.Kind.UNFIT,
                    "the lake has no table silver.tenants yet: expected it in the Glue Data Catalog; run the silver"
                            + " job first");
        }
        List<Tenant> tenants = directory.tenants();
        GrantsReport report;
        try {
            report = application().apply(tenants, observed.tables());
        } catch (EntityAlreadyExistsException | AlreadyExistsException e) {
            throw new LakeException(
                    LakeException.Kind.IN_USE,
                    "somebody else applies grants to this lake at the same time: run it again when that is done",
                    e);
        }
        new LayerPositions(services.s3(), config.layout())
                .writeGrants(
                        new GrantsPosition(observed.tenantsEpoch(), clock.instant(), report.tables(), report.slugs()));
        return report;
    }

    private GrantsApplication application() {
        Account account = Account.of(services.sts(), config.region());
        ChangeLog changes = new ChangeLog();
        return new GrantsApplication(
                new AnalystRoles(
                        services.iam(),
                        new AnalystPolicies(account, config.layout(), options.assumableBy()),
                        options.permissionsBoundary(),
                        changes),
                new AnalystWorkgroups(services.athena(), services.s3(), config.layout(), options.scanLimit(), changes),
                new CellsFilters(services.lakeFormation(), account.id(), changes),
                new LakePermissions(services.lakeFormation(), account.id(), stop, changes),
                PreparedQueries.of(services.athena(), changes),
                changes);
    }
}
