package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssetBundlerTest {
    private static final int MAX_BYTES = 1 << 20;
    private static final int SYMLINK = 0120777;
    private static final int DEVICE = 0020666;

    @TempDir
    Path folder;

    private ArtifactStore disk;
    private final Map<String, Assets> deployed = new LinkedHashMap<>();

    @BeforeEach
    void openDisk() throws IOException {
        disk = new ArtifactStore(new KafkaConnection("127.0.0.1:1"), new Topics("test"), folder);
    }

    @Test
    void everyFileIsFoundByItsPath() throws Exception {
        deploy("1.0.0", new TestingZip().file("index.html", "<p>hello").file("css/site.css", "p {}"));

        assertThat(content("1.0.0", "/index.html")).isEqualTo("<p>hello");
        assertThat(content("1.0.0", "/css/site.css")).isEqualTo("p {}");
        assertThat(deployed.get("1.0.0").files()).isEqualTo(2);
        assertThat(deployed.get("1.0.0").bytes()).isEqualTo(12);
    }

    @Test
    void foldersAreNoFiles() throws Exception {
        deploy("1.0.0", new TestingZip().file("css/", "").file("css/site.css", "p {}"));

        assertThat(deployed.get("1.0.0").files()).isEqualTo(1);
    }

    @Test
    void theSameContentIsStoredOnce() throws Exception {
        var content = "x".repeat(10_000);
        deploy("1.0.0", new TestingZip().file("a.txt", content).file("b.txt", content));

        assertThat(deployed.get("1.0.0").last().size()).isLessThan(11_000);
        assertThat(content("1.0.0", "/b.txt")).isEqualTo(content);
    }

    @Test
    void whatTheVersionBeforeHasIsNotStoredAgain() throws Exception {
        var large = "x".repeat(100_000);
        deploy("1.0.0", new TestingZip().file("large.txt", large).file("index.html", "one"));
        deploy("1.1.0", new TestingZip().file("large.txt", large).file("index.html", "two"));

        assertThat(deployed.get("1.1.0").last().size()).isLessThan(1_000);
        assertThat(content("1.1.0", "/large.txt")).isEqualTo(large);
        assertThat(content("1.1.0", "/index.html")).isEqualTo("two");
        assertThat(content("1.0.0", "/index.html")).isEqualTo("one");
    }

    @Test
    void aFileThatIsSaidToBeUnchangedNeedNotCome() throws Exception {
        deploy("1.0.0", new TestingZip().file("a.txt", "a").file("b.txt", "b"));
        deploy(
                "1.1.0",
                new TestingZip().file("b.txt", "other").file(AssetZip.UNCHANGED, unchanged("1.0.0", "/a.txt", "a")));

        assertThat(content("1.1.0", "/a.txt")).isEqualTo("a");
        assertThat(content("1.1.0", "/b.txt")).isEqualTo("other");
    }

    @Test
    void aFileThatIsSaidToBeUnchangedAndIsNotThereIsRefused() throws Exception {
        deploy("1.0.0", new TestingZip().file("a.txt", "a"));

        assertThat(refusal(new TestingZip().file(AssetZip.UNCHANGED, unchanged("1.0.0", "/a.txt", "other"))))
                .contains("/a.txt", "1.0.0");
        assertThat(refusal(new TestingZip().file(AssetZip.UNCHANGED, unchanged("9.9.9", "/a.txt", "a"))))
                .contains("9.9.9");
        assertThat(refusal(new TestingZip()
                        .file("a.txt", "new")
                        .file(AssetZip.UNCHANGED, unchanged("1.0.0", "/a.txt", "a"))))
                .contains("/a.txt");
        assertThat(refusal(new TestingZip().file(AssetZip.UNCHANGED, unchanged("1.0.0", "/../a.txt", "a"))))
                .contains("outside");
        assertThat(refusal(new TestingZip().file(AssetZip.UNCHANGED, "no json")))
                .contains("JSON");
    }

    @Test
    void versionsWithTheSameFilesHaveTheSameTree() throws Exception {
        deploy("1.0.0", new TestingZip().file("a.txt", "a").file("b.txt", "b"));
        deploy("1.1.0", new TestingZip().file("b.txt", "b").file("a.txt", "a"));
        deploy("1.2.0", new TestingZip().file("a.txt", "b").file("b.txt", "a"));

        assertThat(deployed.get("1.1.0").tree()).isEqualTo(deployed.get("1.0.0").tree());
        assertThat(deployed.get("1.2.0").tree())
                .isNotEqualTo(deployed.get("1.0.0").tree());
    }

    @Test
    void aVersionThatNeedsTooManyBundlesCopiesThemIntoOne() throws Exception {
        for (int version = 0; version <= Assets.MAX_BUNDLES; version++) {
            var zip = new TestingZip();
            for (int file = 0; file <= version; file++) {
                zip.file("file-" + file, "content " + file);
            }
            deploy("1." + version + ".0", zip);
        }

        var last = "1." + Assets.MAX_BUNDLES + ".0";
        assertThat(deployed.get("1." + (Assets.MAX_BUNDLES - 1) + ".0").bundles())
                .hasSize(Assets.MAX_BUNDLES);
        assertThat(deployed.get(last).bundles()).hasSize(1);
        for (int file = 0; file <= Assets.MAX_BUNDLES; file++) {
            assertThat(content(last, "/file-" + file)).isEqualTo("content " + file);
        }
    }

    @Test
    void aBundleThatNoFileNeedsAnyMoreIsLeft() throws Exception {
        deploy("1.0.0", new TestingZip().file("a.txt", "old"));
        deploy("1.1.0", new TestingZip().file("a.txt", "new"));

        assertThat(deployed.get("1.1.0").bundles()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x",
                "a/../../x",
                "..",
                ".",
                "/x",
                "//x",
                "a//b",
                "a/./b",
                "a\u0001b",
                "a\nb",
                ".photon/x",
                "a/.."
            })
    void anOddNameIsRefused(String name) {
        assertThat(refusal(new TestingZip().file("index.html", "fine").file(name, "evil")))
                .contains("staticAssets: '");
    }

    /** In an archive of a system where it is no separator. */
    @Test
    void aBackslashIsRefused() {
        var archive = new TestingZip().special("a|b", 0100644, "").bytes();
        for (int i = 0; i < archive.length; i++) {
            archive[i] = archive[i] == '|' ? (byte) '\\' : archive[i];
        }

        assertThat(refused(ByteBuffer.wrap(archive)).getMessage()).contains("odd characters");
    }

    @Test
    void aNameThatIsTooLongIsRefused() {
        assertThat(refusal(new TestingZip().file("x".repeat(1_025), ""))).contains("too long");
    }

    @Test
    void linksAndDevicesAreRefused() {
        assertThat(refusal(new TestingZip().special("passwd", SYMLINK, "/etc/passwd")))
                .contains("link");
        assertThat(refusal(new TestingZip().special("null", DEVICE, ""))).contains("device");
    }

    @Test
    void aFileThatIsThereTwiceIsRefused() {
        assertThat(refusal(new TestingZip().file("a", "1").file("a", "2"))).contains("twice");
    }

    @Test
    void whatUnpacksToMoreThanIsAllowedIsRefused() {
        var bomb = new TestingZip().file("zeros", new byte[MAX_BYTES + 1]);

        var refused = refused(bomb.archive());

        assertThat(refused.verdict().kind()).isEqualTo(ErrorKind.TOO_LARGE);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void filesThatAreTooLargeTogetherAreRefused() {
        var zip = new TestingZip();
        for (int i = 0; i < 5; i++) {
            var content = new byte[MAX_BYTES / 4];
            content[0] = (byte) i;
            zip.file("file-" + i, content);
        }

        assertThat(refused(zip.archive()).verdict().kind()).isEqualTo(ErrorKind.TOO_LARGE);
    }

    @Test
    void tooManyFilesAreRefused() {
        var zip = new TestingZip();
        for (int i = 0; i <= Assets.MAX_FILES; i++) {
            zip.file(Integer.toString(i, Character.MAX_RADIX), "");
        }

        assertThat(refused(zip.archive()).getMessage()).contains("20000");
    }

    @Test
    void aDirectoryThatIsTooLargeIsNotEvenReadWhole() {
        var zip = new TestingZip();
        for (int i = 0; i < 5_000; i++) {
            zip.file("x".repeat(1_000) + i, "");
        }

        assertThat(refused(zip.archive()).getMessage()).contains("not a zip archive that can be read");
    }

    @Test
    void whatIsNoArchiveIsRefused() {
        assertThat(refused(ByteBuffer.wrap("no archive".getBytes(UTF_8))).getMessage())
                .contains("not a zip archive");
        assertThat(refused(ByteBuffer.allocate(0)).getMessage()).contains("not a zip archive");
        assertThat(refusal(new TestingZip())).contains("no files");
    }

    @Test
    void aDamagedFileIsRefused() throws Exception {
        var archive =
                new TestingZip().file("a.txt", "some content that is there").bytes();
        var inTheContent = 40;
        archive[inTheContent] ^= 0x55;

        assertThat(refused(ByteBuffer.wrap(archive)).getMessage()).contains("cannot be unpacked");
    }

    /** Every prefix of an archive, and archives with one byte changed: never more than a refusal. */
    @Test
    void mutatedArchivesDoNoHarm() throws Exception {
        var archive = new TestingZip()
                .file("index.html", "<p>hello, hello, hello")
                .file("a/b.txt", "b")
                .bytes();

        for (int length = 0; length < archive.length; length++) {
            tried(Arrays.copyOf(archive, length));
        }
        for (int at = 0; at < archive.length; at++) {
            for (var bit = 1; bit < 256; bit <<= 1) {
                var mutated = archive.clone();
                mutated[at] ^= (byte) bit;
                tried(mutated);
            }
        }
    }

    private void tried(byte[] archive) throws IOException {
        try {
            var bundle = bundler().bundle(ByteBuffer.wrap(archive), versions());
            bundle.index().files().forEach(file -> assertThat(file.path()).doesNotContain(".."));
            Files.delete(bundle.file());
        } catch (Refused e) {
            assertThat(e.verdict().reason()).isNotEmpty();
        }
        assertThat(folder).isEmptyDirectory();
    }

    private static String unchanged(String version, String path, String content) {
        return "{\"version\": \"%s\", \"files\": {\"%s\": \"%s\"}}"
                .formatted(version, path, Digest.of(content.getBytes(UTF_8)));
    }

    private String refusal(TestingZip zip) {
        return refused(zip.archive()).getMessage();
    }

    private Refused refused(ByteBuffer archive) {
        return catchThrowableOfType(Refused.class, () -> bundler().bundle(archive, versions()));
    }

    private AssetBundler bundler() {
        return new AssetBundler(disk, MAX_BYTES);
    }

    /** Bundles the files as the registry does, and keeps the bundle where it would be fetched to. */
    private void deploy(String version, TestingZip zip) throws Exception {
        var bundle = bundler().bundle(zip.archive(), versions());
        var digest = Digest.of(bundle.file());
        var artifact = new Artifact(digest, Files.size(bundle.file()), new Manifest.Chunks(0, 0, 0, 1));
        Files.move(bundle.file(), folder.resolve(digest.hex()));
        deployed.put(version, bundle.placed(artifact, Assets.Rules.DEFAULT));
    }

    private AssetBundler.Versions versions() {
        return new AssetBundler.Versions() {
            @Override
            public Optional<Assets> version(String version) {
                return Optional.ofNullable(deployed.get(version));
            }

            @Override
            public Optional<Assets> latest() {
                return deployed.values().stream().reduce((before, after) -> after);
            }
        };
    }

    private String content(String version, String path) throws IOException {
        var site = Site.open(disk, deployed.get(version));
        var file = site.index().file(path).orElseThrow();
        var bundle = Files.readAllBytes(site.bundle(file));
        var content = Arrays.copyOfRange(bundle, (int) file.offset(), (int) (file.offset() + file.size()));
        assertThat(Digest.of(content)).isEqualTo(file.digest());
        return new String(content, UTF_8);
    }
}
