package dev.photon.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransitFolderTest {
    @TempDir
    Path cache;

    @Test
    void isMadeAndEmpty() throws Exception {
        assertThat(TransitFolder.emptied(cache.resolve("new"), "us")).isEmptyDirectory();
    }

    @Test
    void keepsNothingThatAReplicatorLeftThere() throws Exception {
        var folder = TransitFolder.emptied(cache, "us");
        Files.createFile(folder.resolve("left"));

        assertThat(TransitFolder.emptied(cache, "us")).isEqualTo(folder).isEmptyDirectory();
    }

    @Test
    void leavesAloneWhatExecutorsAndOtherRegionsHave() throws Exception {
        var kept = Files.createFile(cache.resolve("kept"));
        var other = Files.createFile(TransitFolder.emptied(cache, "eu").resolve("coming"));

        TransitFolder.emptied(cache, "us");

        assertThat(kept).exists();
        assertThat(other).exists();
    }
}
