package dev.tenantlake.system;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each module knows {@code lake-model}, those that write files {@code lake-parquet}, and no other module of ours. */
class DependencyDirectionTest {

    private static final Map<String, String> PACKAGE_BY_MODULE = Map.of(
            "local-aws", "dev.tenantlake.local..",
            "source-app", "dev.tenantlake.source..",
            "cdc-ingest", "dev.tenantlake.ingest..",
            "etl-jobs", "dev.tenantlake.etl..",
            "athena-queries", "dev.tenantlake.query..",
            "lake-control", "dev.tenantlake.control..",
            "bench", "dev.tenantlake.bench..");

    private static final String[] LAKE_MODEL = {
        "dev.tenantlake.model..", "dev.tenantlake.cli..", "dev.tenantlake.metrics.."
    };

    private static final String LAKE_PARQUET = "dev.tenantlake.parquet..";
    private static final Set<String> WRITE_FILES = Set.of("cdc-ingest", "etl-jobs");

    private static JavaClasses classes;

    @BeforeAll
    static void readAllModules() {
        classes = new ClassFileImporter()
                .importPaths(Stream.concat(Stream.of("lake-model", "lake-parquet"), PACKAGE_BY_MODULE.keySet().stream())
                        .map(module -> Path.of("..", module, "target", "classes"))
                        .toList());
    }

    static Stream<String> modules() {
        return PACKAGE_BY_MODULE.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aModuleKnowsTheLibrariesAndNoOtherModule(String module) {
        String own = PACKAGE_BY_MODULE.get(module);
        assertThat(classes.stream().filter(resideInAPackage(own)))
                .as("classes of " + module + ", all of them below " + own)
                .isNotEmpty();
        DescribedPredicate<JavaClass> known = resideInAnyPackage(LAKE_MODEL).or(resideInAPackage(own));
        noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.tenantlake..")
                        .and(not(WRITE_FILES.contains(module) ? known.or(resideInAPackage(LAKE_PARQUET)) : known)))
                .check(classes);
    }

    @Test
    void theWriterOfFilesKnowsNoModule() {
        noClasses()
                .that()
                .resideInAPackage(LAKE_PARQUET)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.tenantlake..").and(not(resideInAPackage(LAKE_PARQUET))))
                .check(classes);
    }

    @Test
    void theModelKnowsNoModule() {
        noClasses()
                .that()
                .resideInAnyPackage(LAKE_MODEL)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.tenantlake..").and(not(resideInAnyPackage(LAKE_MODEL))))
                .check(classes);
    }

    @Test
    void everyClassLiesInThePackageOfItsModule() {
        assertThat(classes.stream()
                        .filter(not(
                                resideInAnyPackage(PACKAGE_BY_MODULE.values().toArray(String[]::new))))
                        .filter(not(resideInAnyPackage(LAKE_MODEL)))
                        .filter(not(resideInAPackage(LAKE_PARQUET))))
                .isEmpty();
    }

    @Test
    void noPackageIsADrawerForAnything() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..impl..")
                .check(classes);
    }
}
