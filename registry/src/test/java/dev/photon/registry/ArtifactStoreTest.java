package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Topics;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ArtifactStoreTest {
    private static ArtifactStore open(Path folder) throws IOException {
        return new ArtifactStore(new KafkaConnection("127.0.0.1:1"), new Topics("test"), folder);
    }

    @Test
    void makesItsFolderAndLeavesNothingThere(@TempDir Path parent) throws IOException {
        var folder = parent.resolve("cache");

        open(folder);

        assertThat(folder).isEmptyDirectory();
    }

    /** Not even its owner may write to it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void refusesAFolderWhereNothingCanBeKept() {
        assertThatThrownBy(() -> open(Path.of("/proc")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("PHOTON_CACHE: nothing can be kept in /proc");
    }
}
