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

    /** All roles, in this process unless a subclass has them elsewhere. */
    PhotonTester openRegion(String bootstrap) throws Exception {
        return PhotonTester.start(bootstrap);
    }

    @BeforeAll
    void start() throws Exception {
        kafka = openKafka();
        photon = openRegion(kafka.bootstrap());
    }

    /** Roles that join the region. */
    PhotonTester startMore(Role... roles) throws Exception {
        return PhotonTester.start(kafka.bootstrap(), Set.of(roles), Map.of());
    }

    /** Stops all roles in order, and starts them anew. */
    void restart() throws Exception {
        photon.close();
        photon = openRegion(kafka.bootstrap());
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
