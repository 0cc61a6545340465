package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeStoreTest {
    private static final Digest DIGEST = Digest.of(new byte[] {1});
    private static final CompiledCode CODE =
            new CompiledCode("a.Machine", Map.of("a.Machine", new byte[1_000], "a.Part", new byte[] {1, 2}), Set.of(7));

    @TempDir
    private Path parent;

    @Test
    void givesBackWhatItTook() {
        store().write(DIGEST, CODE);

        var read = store().read(DIGEST).orElseThrow();

        assertThat(read.machine()).isEqualTo(CODE.machine());
        assertThat(read.interpreted()).isEqualTo(CODE.interpreted());
        assertThat(read.classes()).containsOnlyKeys("a.Machine", "a.Part");
        assertThat(read.classes().get("a.Part")).containsExactly(1, 2);
        assertThat(store().read(Digest.of(new byte[0]))).isEmpty();
    }

    @Test
    void letsNobodyElseReadOrWrite() throws IOException {
        store().write(DIGEST, CODE);

        assertThat(permissions(folder())).isEqualTo("rwx------");
        assertThat(permissions(file())).isEqualTo("rw-------");
    }

    @Test
    void doesNotUseAFolderThatOthersMayWrite() throws IOException {
        Files.createDirectory(folder());
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(store().isUsable()).isFalse();
    }

    @Test
    void doesNotFollowALinkInPlaceOfTheFolder() throws IOException {
        var elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(folder(), elsewhere);

        assertThat(store().isUsable()).isFalse();
    }

    @Test
    void ignoresAndRemovesAFileOfWhichAnythingWasChanged() throws IOException {
        store().write(DIGEST, CODE);
        var file = file();
        var whole = Files.readAllBytes(file);
        for (var at : List.of(0, 31, 32, whole.length / 2, whole.length - 1)) {
            var changed = whole.clone();
            changed[at] ^= 1;
            Files.write(file, changed);

            assertThat(store().read(DIGEST)).isEmpty();
            assertThat(store().has(DIGEST)).isFalse();
        }
    }

    @Test
    void ignoresATruncatedFile() throws IOException {
        store().write(DIGEST, CODE);
        var file = file();
        var whole = Files.readAllBytes(file);
        for (var length : List.of(0, 10, 32, whole.length - 1)) {
            Files.write(file, Arrays.copyOf(whole, length));

            assertThat(store().read(DIGEST)).isEmpty();
        }
    }

    @Test
    void ignoresTheCodeOfAnotherModuleUnderThisName() throws IOException {
        var other = Digest.of(new byte[] {2});
        store().write(DIGEST, CODE);
        Files.move(file(), file().resolveSibling(file().getFileName().toString().replace(DIGEST.hex(), other.hex())));

        assertThat(store().read(other)).isEmpty();
    }

    @Test
    void hasNothingOfAnotherEngine() {
        new CodeStore(parent, 1 << 20, "older").write(DIGEST, CODE);

        assertThat(store().read(DIGEST)).isEmpty();
    }

    @Test
    void removesWhatWasNotReadForLongest() throws IOException {
        var store = new CodeStore(parent, 2_500, "v");
        var other = Digest.of(new byte[] {2});
        store.write(DIGEST, CODE);
        store.write(other, CODE);
        try (var files = Files.list(folder())) {
            for (var file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.fromMillis(1));
            }
        }
        store.read(DIGEST);

        store.write(Digest.of(new byte[] {3}), CODE);

        assertThat(store.has(DIGEST)).isTrue();
        assertThat(store.has(other)).isFalse();
    }

    @Test
    void keepsNothingThatIsLargerThanAllMayBe() {
        var store = new CodeStore(parent, 999, "v");

        store.write(DIGEST, CODE);

        assertThat(store.has(DIGEST)).isFalse();
    }

    @Test
    void survivesThatTheFolderIsGone() throws IOException {
        var store = store();
        Files.delete(folder());

        store.write(DIGEST, CODE);

        assertThat(store.read(DIGEST)).isEmpty();
    }

    @Test
    void isNotUsableWithoutAFolder() throws IOException {
        var file = Files.createFile(parent.resolve("file"));

        assertThat(new CodeStore(file, 1 << 20, "v").isUsable()).isFalse();
    }

    private CodeStore store() {
        return new CodeStore(parent, 1 << 20, "v");
    }

    private Path folder() {
        return parent.resolve("compiled");
    }

    private Path file() throws IOException {
        try (var files = Files.list(folder())) {
            return files.findFirst().orElseThrow();
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
