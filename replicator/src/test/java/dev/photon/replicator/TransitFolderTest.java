package dev.photon.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransitFolderTest {
    @TempDir
    Path cache;

    @Test
    void isEmptyAndOfNoOther() throws Exception {
        try (var one = TransitFolder.open(cache.resolve("new"), "us");
                var other = TransitFolder.open(cache.resolve("new"), "us")) {
            var coming = Files.createFile(one.path().resolve("coming"));

            assertThat(content(other.path())).isEmpty();
            TransitFolder.open(cache.resolve("new"), "us").close();
            assertThat(coming).exists();
        }
    }

    @Test
    void isGoneWhenItIsClosed() throws Exception {
        var folder = TransitFolder.open(cache, "us");
        Files.createFile(folder.path().resolve("coming"));

        folder.close();

        assertThat(folder.path()).doesNotExist();
    }

    @Test
    void keepsNothingThatAKilledReplicatorLeft() throws Exception {
        var region = Files.createDirectories(cache.resolve("transit/us"));
        var left = Files.createFile(Files.createDirectory(region.resolve("1")).resolve("coming"));
        Files.createFile(region.resolve("1/.lock"));
        var withoutLock = Files.createDirectory(region.resolve("2"));
        var earlier = Files.createFile(
                Files.createDirectories(cache.resolve("replicator/us")).resolve("of an earlier build"));

        try (var folder = TransitFolder.open(cache, "us")) {
            assertThat(content(folder.path())).isEmpty();
            assertThat(List.of(left, left.getParent(), withoutLock, earlier)).noneMatch(Files::exists);
        }
    }

    /** Which empties {@code replicator/<region>} when it starts, and expects no folders there. */
    @Test
    void aBuildThatCameBeforeFindsNothingInItsWay() throws Exception {
        try (var folder = TransitFolder.open(cache, "us")) {
            assertThat(folder.path()).exists();
            assertThat(cache.resolve("replicator")).doesNotExist();
        }
    }

    @Test
    void isThereThoughSomethingThatWasLeftCannotBeRemoved() throws Exception {
        var odd = Files.createDirectories(cache.resolve("transit/us/1/folder in it/and another"));

        try (var folder = TransitFolder.open(cache, "us")) {
            assertThat(folder.path()).exists();
            assertThat(odd).exists();
        }
    }

    @Test
    void leavesAloneWhatExecutorsAndOtherRegionsHave() throws Exception {
        var kept = Files.createFile(cache.resolve("kept"));
        var other = Files.createDirectories(cache.resolve("transit/eu/1"));

        TransitFolder.open(cache, "us").close();

        assertThat(kept).exists();
        assertThat(other).exists();
    }

    private static List<Path> content(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> !file.endsWith(".lock")).toList();
        }
    }
}
