package dev.photon.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know what. */
@AnalyzeClasses(packages = "dev.photon", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
    @ArchTest
    static final ArchRule ONLY_THE_WASM_PACKAGE_RUNS_CHICORY = noClasses()
            .that()
            .resideOutsideOfPackages("dev.photon.executor.wasm..", "dev.photon.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "com.dylibso.chicory.runtime..", "com.dylibso.chicory.compiler..", "com.dylibso.chicory.wasi..");

    @ArchTest
    static final ArchRule ONLY_THE_INGRESS_KNOWS_HTTP_ROUTES = noClasses()
            .that()
            .resideOutsideOfPackages("dev.photon.ingress..", "dev.photon.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.ext.web..");

    @ArchTest
    static final ArchRule NOTHING_DEPENDS_ON_THE_COMMAND_LINE = noClasses()
            .that()
            .resideOutsideOfPackages("dev.photon.cli..", "dev.photon.benchmarks..", "dev.photon.e2e..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.photon.cli..");

    @ArchTest
    static final ArchRule THE_PROTOCOL_KNOWS_KAFKA_ALONE = noClasses()
            .that()
            .resideInAPackage("dev.photon.protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.vertx..",
                    "com.dylibso..",
                    "dev.photon.registry..",
                    "dev.photon.ingress..",
                    "dev.photon.executor..",
                    "dev.photon.replicator..");

    @ArchTest
    static final ArchRule THE_REPLICATOR_KNOWS_KAFKA_AND_THE_REGISTRYS_MODEL = noClasses()
            .that()
            .resideInAPackage("dev.photon.replicator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.vertx..",
                    "com.dylibso..",
                    "dev.photon.metrics..",
                    "dev.photon.ingress..",
                    "dev.photon.executor..");

    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_LINE_STARTS_A_REPLICATOR = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.photon.registry..", "dev.photon.metrics..", "dev.photon.ingress..", "dev.photon.executor..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.photon.replicator..");

    @ArchTest
    static final ArchRule INGRESS_AND_EXECUTOR_MEET_ONLY_IN_THE_PROTOCOL = noClasses()
            .that()
            .resideInAPackage("dev.photon.ingress..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.photon.executor..");
}
