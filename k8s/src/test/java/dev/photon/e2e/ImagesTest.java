package dev.photon.e2e;

import dev.photon.k8s.TestingImage;
import dev.photon.k8s.Topology;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What users may rely on, in a region of containers: three brokers, a registry, two executors, two ingresses. It takes
 * minutes: {@code -Ptorment}.
 */
@EnabledIfSystemProperty(named = "photon.torment", matches = "true")
class ImagesTest {
    private static final int HTTP = 8080;
    private static final int METRICS = 9464;

    private static final String KEY = "a secret that lets us do everything";

    @TempDir
    private static Path keys;

    private static Topology region;

    @BeforeAll
    static void start() throws Exception {
        TestingImage.build();
        region = new Topology(TestingImage.NAME, Topology.writeKeys(keys, KEY));
        region.start(1, 2, 2);
    }

    @AfterAll
    static void stop() {
        if (region != null) {
            region.close();
        }
    }

    /** The region's brokers, which outlast a suite. */
    private static TestingKafka brokers() {
        return new TestingKafka() {
            @Override
            public String bootstrap() {
                return region.bootstrap();
            }

            @Override
            public void close() {}
        };
    }

    private static PhotonTester roles(String bootstrap) {
        var meters = Stream.of("registry", "executor", "ingress")
                .flatMap(kind -> region.names(kind).stream())
                .map(name -> region.address(name, METRICS).resolve("/metrics"))
                .toList();
        var photon = PhotonTester.of(region.address("ingress-1", HTTP), meters, bootstrap);
        photon.useKey(KEY);
        return photon;
    }

    @Nested
    class Pipeline extends PipelineSuite {
        @Override
        TestingKafka openKafka() {
            return brokers();
        }

        @Override
        PhotonTester openRegion(String bootstrap) {
            return roles(bootstrap);
        }
    }

    @Nested
    class ControlPlane extends ControlPlaneSuite {
        @Override
        TestingKafka openKafka() {
            return brokers();
        }

        @Override
        PhotonTester openRegion(String bootstrap) {
            return roles(bootstrap);
        }
    }
}
