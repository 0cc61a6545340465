package dev.photon.e2e;

import dev.photon.cli.Role;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Tests that share one region, on whatever broker a subclass opens. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RegionSuite {
    private TestingKafka kafka;
    PhotonTester photon;

    abstract TestingKafka openKafka() throws Exception;

    @BeforeAll
    void start() throws Exception {
        kafka = openKafka();
        photon = PhotonTester.start(kafka.bootstrap());
    }

    /** Roles that join the region. */
    PhotonTester startMore(Role... roles) throws Exception {
        return PhotonTester.start(kafka.bootstrap(), Set.of(roles), Map.of());
    }

    /** Stops all roles in order, and starts them anew. */
    void restart() throws Exception {
        photon.close();
        photon = PhotonTester.start(kafka.bootstrap());
    }

    @AfterAll
    void stop() throws Exception {
        if (photon != null) {
            photon.close();
        }
        if (kafka != null) {
            kafka.close();
        }
    }
}
