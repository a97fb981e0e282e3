package dev.tenantlake.system;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each module knows {@code lake-model} and no other module of ours. */
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

    private static JavaClasses classes;

    @BeforeAll
    static void readAllModules() {
        classes = new ClassFileImporter()
                .importPaths(Stream.concat(Stream.of("lake-model"), PACKAGE_BY_MODULE.keySet().stream())
                        .map(module -> Path.of("..", module, "target", "classes"))
                        .toList());
    }

    static Stream<String> modules() {
        return PACKAGE_BY_MODULE.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aModuleKnowsTheModelAndNoOtherModule(String module) {
        String own = PACKAGE_BY_MODULE.get(module);
        assertThat(classes.stream().filter(resideInAPackage(own)))
                .as("classes of " + module + ", all of them below " + own)
                .isNotEmpty();
        noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.tenantlake..")
                        .and(not(resideInAPackage(own)))
                        .and(not(resideInAnyPackage(LAKE_MODEL))))
                .check(classes);
    }

    @Test
    void theModelKnowsNoModule() {
        noClasses()
                .that()
                .resideInAnyPackage(LAKE_MODEL)
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(PACKAGE_BY_MODULE.values().toArray(String[]::new)))
                .check(classes);
    }

    @Test
    void everyClassLiesInThePackageOfItsModule() {
        assertThat(classes.stream()
                        .filter(not(
                                resideInAnyPackage(PACKAGE_BY_MODULE.values().toArray(String[]::new))))
                        .filter(not(resideInAnyPackage(LAKE_MODEL))))
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
