package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.TestingTmp.APPEND;
import static dev.photon.executor.wasm.TestingTmp.CREATE;
import static dev.photon.executor.wasm.TestingTmp.DIRECTORY;
import static dev.photon.executor.wasm.TestingTmp.EXCLUSIVE;
import static dev.photon.executor.wasm.TestingTmp.TMP;
import static dev.photon.executor.wasm.TestingTmp.TRUNCATE;
import static dev.photon.executor.wasm.WasiFunction.FD_ALLOCATE;
import static dev.photon.executor.wasm.WasiFunction.FD_FDSTAT_GET;
import static dev.photon.executor.wasm.WasiFunction.FD_FDSTAT_SET_FLAGS;
import static dev.photon.executor.wasm.WasiFunction.FD_FILESTAT_GET;
import static dev.photon.executor.wasm.WasiFunction.FD_FILESTAT_SET_SIZE;
import static dev.photon.executor.wasm.WasiFunction.FD_FILESTAT_SET_TIMES;
import static dev.photon.executor.wasm.WasiFunction.FD_PRESTAT_DIR_NAME;
import static dev.photon.executor.wasm.WasiFunction.FD_PRESTAT_GET;
import static dev.photon.executor.wasm.WasiFunction.FD_READDIR;
import static dev.photon.executor.wasm.WasiFunction.FD_RENUMBER;
import static dev.photon.executor.wasm.WasiFunction.FD_SYNC;
import static dev.photon.executor.wasm.WasiFunction.PATH_CREATE_DIRECTORY;
import static dev.photon.executor.wasm.WasiFunction.PATH_LINK;
import static dev.photon.executor.wasm.WasiFunction.PATH_READLINK;
import static dev.photon.executor.wasm.WasiFunction.PATH_REMOVE_DIRECTORY;
import static dev.photon.executor.wasm.WasiFunction.PATH_RENAME;
import static dev.photon.executor.wasm.WasiFunction.PATH_SYMLINK;
import static dev.photon.executor.wasm.WasiFunction.PATH_UNLINK_FILE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a guest's {@code /tmp} does, call by call. */
class TmpFilesTest {
    private static final int START = 0;
    private static final int HERE = 1;
    private static final int END = 2;

    private final TestingTmp tmp = new TestingTmp(10_000);

    private LinearMemory memory() {
        return tmp.wasi().memory();
    }

    // Where it is

    @Test
    void isTheOneDirectoryThatIsOpenFromTheStart() {
        assertThat(tmp.wasi().call(FD_PRESTAT_GET, TMP, 0)).isEqualTo(Errno.SUCCESS);
        assertThat(memory().readLong(0)).isEqualTo(4L << 32);
        assertThat(tmp.wasi().call(FD_PRESTAT_DIR_NAME, TMP, 0, 4)).isEqualTo(Errno.SUCCESS);
        assertThat(memory().readString(0, 4)).isEqualTo("/tmp");
        assertThat(tmp.wasi().call(FD_PRESTAT_DIR_NAME, TMP, 0, 3)).isEqualTo(Errno.NAMETOOLONG);
        assertThat(tmp.wasi().call(FD_PRESTAT_GET, 4, 0)).isEqualTo(Errno.BADF);
        assertThat(tmp.wasi().call(FD_PRESTAT_GET, 0, 0)).isEqualTo(Errno.BADF);
    }

    @Test
    void isNotThereWhenNothingMayBeWritten() {
        var none = new TestingTmp(0);

        assertThat(none.wasi().call(FD_PRESTAT_GET, TMP, 0)).isEqualTo(Errno.BADF);
        assertThat(none.open("x", CREATE)).isEqualTo(-Errno.BADF);
    }

    @Test
    void isEmptyForEachRun() {
        tmp.close(tmp.open("secret", CREATE));

        assertThat(new TestingTmp(10_000).open("secret", 0)).isEqualTo(-Errno.NOENT);
    }

    @Test
    void isGoneOnceItIsClosed() {
        assertThat(tmp.close(TMP)).isEqualTo(Errno.SUCCESS);

        assertThat(tmp.open("x", CREATE)).isEqualTo(-Errno.BADF);
    }

    // Reading and writing

    @Test
    void readsWhatWasWritten() {
        var fd = tmp.open("a", CREATE);

        assertThat(tmp.write(fd, "hello")).isEqualTo(5);
        assertThat(tmp.read(fd)).isEmpty();
        assertThat(tmp.seek(fd, 1, START)).isEqualTo(1);
        assertThat(tmp.read(fd)).isEqualTo("ello");
        assertThat(tmp.seek(fd, -2, HERE)).isEqualTo(3);
        assertThat(tmp.read(fd)).isEqualTo("lo");
        assertThat(tmp.seek(fd, -5, END)).isZero();
        assertThat(tmp.seek(fd, -1, START)).isEqualTo(-Errno.INVAL);
        assertThat(tmp.seek(fd, Long.MAX_VALUE, END)).isEqualTo(-Errno.INVAL);
        assertThat(tmp.seek(fd, 0, 3)).isEqualTo(-Errno.INVAL);
    }

    @Test
    void readsAndWritesAtAPlaceWithoutGoingThere() {
        var fd = tmp.open("a", CREATE);

        tmp.writeAt(fd, "lo", 3_000);
        tmp.write(fd, "hel");

        assertThat(tmp.readAt(fd, 2_999)).isEqualTo("\0lo");
        assertThat(tmp.readAt(fd, 0)).startsWith("hel\0\0");
        assertThat(tmp.readAt(fd, 4_000)).isEmpty();
        assertThat(tmp.readAt(fd, -1)).isEqualTo("error " + Errno.INVAL);
        assertThat(tmp.writeAt(fd, "x", -1)).isEqualTo(-Errno.INVAL);
    }

    @Test
    void appendsWhereverTheFileEndsByThen() {
        var one = tmp.open(TMP, "a", CREATE, Rights.WRITE, APPEND);
        var other = tmp.open(TMP, "a", 0, Rights.WRITE | Rights.READ, 0);

        tmp.write(one, "a");
        tmp.write(other, "bb");
        tmp.write(one, "c");
        tmp.wasi().call(FD_FDSTAT_SET_FLAGS, other, APPEND);
        tmp.write(other, "d");

        assertThat(tmp.readAt(other, 0)).isEqualTo("bbcd");
    }

    @Test
    void cutsAndExtendsFiles() {
        var fd = tmp.open("a", CREATE);
        tmp.write(fd, "secret");

        assertThat(tmp.wasi().call(FD_FILESTAT_SET_SIZE, fd, 2)).isEqualTo(Errno.SUCCESS);
        assertThat(tmp.wasi().call(FD_FILESTAT_SET_SIZE, fd, 4)).isEqualTo(Errno.SUCCESS);
        assertThat(tmp.readAt(fd, 0)).isEqualTo("se\0\0");
        assertThat(tmp.wasi().call(FD_ALLOCATE, fd, 3, 2)).isEqualTo(Errno.SUCCESS);
        assertThat(tmp.wasi().call(FD_ALLOCATE, fd, 0, 1)).isEqualTo(Errno.SUCCESS);
        assertThat(tmp.size("a")).isEqualTo(5);
        assertThat(tmp.wasi().call(FD_FILESTAT_SET_SIZE, fd, -1)).isEqualTo(Errno.INVAL);
        assertThat(tmp.wasi().call(FD_ALLOCATE, fd, Long.MAX_VALUE, 2)).isEqualTo(Errno.INVAL);
        tmp.open("a", TRUNCATE);
        assertThat(tmp.size("a")).isZero();
    }

    @Test
    void readsAndWritesOnlyWhatWasOpenedForIt() {
        var readable = tmp.open(TMP, "a", CREATE, Rights.READ, 0);
        var writable = tmp.open(TMP, "a", 0, Rights.WRITE, 0);

        assertThat(tmp.write(readable, "x")).isEqualTo(-Errno.BADF);
        assertThat(tmp.wasi().call(FD_FILESTAT_SET_SIZE, readable, 1)).isEqualTo(Errno.BADF);
        assertThat(tmp.read(writable)).isEqualTo("error " + Errno.BADF);
        assertThat(tmp.readAt(writable, 0)).isEqualTo("error " + Errno.BADF);
    }

    // The limit

    @Test
    void holdsAsManyBytesAsTheLimitSays() {
        var fd = tmp.open("a", CREATE);
        tmp.wasi().call(FD_FILESTAT_SET_SIZE, fd, 9_990);
        var other = tmp.open("b", CREATE);

        assertThat(tmp.write(other, "0123456789abc")).isEqualTo(10);
        assertThat(tmp.write(other, "x")).isEqualTo(-Errno.NOSPC);
        assertThat(tmp.wasi().call(FD_FILESTAT_SET_SIZE, fd, 9_991)).isEqualTo(Errno.NOSPC);
        assertThat(tmp.wasi().call(FD_ALLOCATE, fd, 0, 9_991)).isEqualTo(Errno.NOSPC);
        assertThat(tmp.writeAt(fd, "x", Long.MAX_VALUE)).isEqualTo(-Errno.NOSPC);
        assertThat(tmp.writeAt(fd, "within", 9_984)).isEqualTo(6);
    }

    @Test
    void countsAFileUntilItHasNeitherNameNorDescriptor() {
        var fd = tmp.open("a", CREATE);
        tmp.wasi().call(FD_FILESTAT_SET_SIZE, fd, 10_000);
        tmp.path(PATH_UNLINK_FILE, TMP, "a");
        var other = tmp.open("b", CREATE);

        assertThat(tmp.write(other, "x")).isEqualTo(-Errno.NOSPC);
        assertThat(tmp.readAt(fd, 9_999)).isEqualTo("\0");
        tmp.close(fd);
        assertThat(tmp.write(other, "x")).isEqualTo(1);
    }

    @Test
    void boundsHowManyFilesAndDescriptorsThereAre() {
        var opened = IntStream.range(0, 130).map(i -> tmp.open("f", CREATE)).toArray();
        assertThat(opened).startsWith(4, 5).contains(127).endsWith(-Errno.MFILE, -Errno.MFILE);
        tmp.close(77);
        assertThat(tmp.open("f", 0)).isEqualTo(77);

        var made = IntStream.range(0, 1_030)
                .map(i -> tmp.path(PATH_CREATE_DIRECTORY, TMP, "d" + i))
                .filter(result -> result == Errno.SUCCESS)
                .count();
        assertThat(made).isEqualTo(1_022);
        assertThat(tmp.path(PATH_REMOVE_DIRECTORY, TMP, "d0")).isEqualTo(Errno.SUCCESS);
        assertThat(tmp.path(PATH_CREATE_DIRECTORY, TMP, "again")).isEqualTo(Errno.SUCCESS);
        assertThat(tmp.path(PATH_CREATE_DIRECTORY, TMP, "more")).isEqualTo(Errno.NOSPC);
    }

    // Paths

    @ParameterizedTest
    @ValueSource(strings = {"..", "../x", "d/../../x", "/x", "/tmp/x", "./..", "d/.././../x"})
    void isNotLeft(String path) {
        tmp.path(PATH_CREATE_DIRECTORY, TMP, "d");

        assertThat(tmp.open(path, CREATE)).isEqualTo(-Errno.NOTCAPABLE);
    }

    @Test
    void isNotLeftFromADirectoryBelow() {
        tmp.path(PATH_CREATE_DIRECTORY, TMP, "d");
        var below = tmp.open(TMP, "d", DIRECTORY, 0, 0);

        assertThat(tmp.open(below, "../x", CREATE, 0, 0)).isEqualTo(-Errno.NOTCAPABLE);
        assertThat(tmp.open(below, "x", CREATE, 0, 0)).isPositive();
        assertThat(tmp.open("d/x", 0)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"d/../a", "./a", "d//..//a", "d/./../a"})
    void findsAFileByAnyPathToIt(String path) {
        tmp.path(PATH_CREATE_DIRECTORY, TMP, "d");
        tmp.open("a", CREATE);

        assertThat(tmp.open(path, 0)).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 44",
        "nothing, 44",
        "nothing/x, 44",
        "nothing/../a, 44",
        "a/x, 54",
        "a/, 54",
        "a/.., 54",
    })
    void saysWhyAPathLeadsNowhere(String path, int errno) {
        tmp.open("a", CREATE);

        assertThat(tmp.open(path, 0)).isEqualTo(-errno);
    }

    @Test
    void boundsPathsAndNames() {
        assertThat(tmp.open("n".repeat(255), CREATE)).isPositive();
        assertThat(tmp.open("n".repeat(256), CREATE)).isEqualTo(-Errno.NAMETOOLONG);
        assertThat(tmp.open("é".repeat(128), CREATE)).isEqualTo(-Errno.NAMETOOLONG);
        assertThat(tmp.open("./".repeat(2_047) + "ab", CREATE)).isPositive();
        assertThat(tmp.open("./".repeat(2_048) + "ab", CREATE)).isEqualTo(-Errno.NAMETOOLONG);
        assertThat(tmp.wasi().call(PATH_UNLINK_FILE, TMP, 0, -1)).isEqualTo(Errno.NAMETOOLONG);
        assertThat(tmp.open("a\0b", CREATE)).isEqualTo(-Errno.INVAL);
        memory().writeByte(0, (byte) 0xff);
        assertThat(tmp.wasi().call(PATH_UNLINK_FILE, TMP, 0, 1)).isEqualTo(Errno.ILSEQ);
    }

    // Opening

    @ParameterizedTest
    @CsvSource({"file, 4, 0", "file, 5, 20", "file, 2, 54", "file, 3, 28", "dir, 8, 31", "dir, 1, 31", "dir, 0, 31"})
    void opensByTheRules(String path, int how, int errno) {
        tmp.open("file", CREATE | EXCLUSIVE);
        tmp.path(PATH_CREATE_DIRECTORY, TMP, "dir");

        assertThat(Math.max(0, -tmp.open(path, how))).isEqualTo(errno);
    }

    @Test
    void takesTheNumberOfAnother() {
        var fd = tmp.open("a", CREATE);

        assertThat(tmp.wasi().call(FD_RENUMBER, fd, 1)).isEqualTo(Errno.SUCCESS);
        assertThat(tmp.write(1, "longer than the answer may be")).isEqualTo(29);
        assertThat(tmp.size("a")).isEqualTo(29);
        assertThat(tmp.write(fd, "x")).isEqualTo(-Errno.BADF);
        assertThat(tmp.wasi().call(FD_RENUMBER, 1, fd)).isEqualTo(Errno.BADF);
        assertThat(tmp.wasi().call(FD_RENUMBER, 1, 1)).isEqualTo(Errno.SUCCESS);
    }

    // Directories and names

    @Test
    void listsADirectoryWithWhateverBuffer() {
        IntStream.range(0, 50).forEach(i -> tmp.path(PATH_CREATE_DIRECTORY, TMP, "dir" + i));
        var expected = IntStream.range(0, 50).mapToObj(i -> "dir" + i).toList();

        for (var bytes : new int[] {29, 30, 100, 3_000}) {
            assertThat(tmp.list(TMP, bytes)).startsWith(".", "..").endsWith(expected.toArray(String[]::new));
        }
        assertThat(tmp.wasi().call(FD_READDIR, 1, 0, 100, 0, 0)).isEqualTo(Errno.NOTDIR);
    }

    @Test
    void listsOnWhileWhatWasListedGoes() {
        IntStream.range(0, 3).forEach(i -> tmp.path(PATH_CREATE_DIRECTORY, TMP, "dir" + i));
        tmp.wasi().call(FD_READDIR, TMP, 1_024, 1_000, 0, 0);
        var cookieOfDir0 = memory().readLong(1_024 + 25 + 26);
        tmp.path(PATH_REMOVE_DIRECTORY, TMP, "dir0");

        tmp.wasi().call(FD_READDIR, TMP, 1_024, 1_000, cookieOfDir0, 0);

        assertThat(memory().readString(1_024 + 24, 4)).isEqualTo("dir1");
    }

    @Test
    void removesOnlyWhatIsOfThatKindAndEmpty() {
        tmp.path(PATH_CREATE_DIRECTORY, TMP, "d");
        tmp.open("d/f", CREATE);

        assertThat(tmp.path(PATH_REMOVE_DIRECTORY, TMP, "d")).isEqualTo(Errno.NOTEMPTY);
        assertThat(tmp.path(PATH_REMOVE_DIRECTORY, TMP, "d/f")).isEqualTo(Errno.NOTDIR);
        assertThat(tmp.path(PATH_UNLINK_FILE, TMP, "d")).isEqualTo(Errno.ISDIR);
        assertThat(tmp.path(PATH_UNLINK_FILE, TMP, "d/f/")).isEqualTo(Errno.NOTDIR);
        assertThat(tmp.path(PATH_REMOVE_DIRECTORY, TMP, ".")).isEqualTo(Errno.INVAL);
        assertThat(tmp.path(PATH_CREATE_DIRECTORY, TMP, "d")).isEqualTo(Errno.EXIST);
        assertThat(tmp.path(PATH_CREATE_DIRECTORY, TMP, "e/f")).isEqualTo(Errno.NOENT);
        assertThat(tmp.path(PATH_UNLINK_FILE, TMP, "d/f")).isEqualTo(Errno.SUCCESS);
        assertThat(tmp.path(PATH_REMOVE_DIRECTORY, TMP, "d/")).isEqualTo(Errno.SUCCESS);
    }

    @Test
    void putsNothingIntoADirectoryThatIsGone() {
        tmp.path(PATH_CREATE_DIRECTORY, TMP, "d");
        var gone = tmp.open(TMP, "d", DIRECTORY, 0, 0);
        tmp.path(PATH_REMOVE_DIRECTORY, TMP, "d");

        assertThat(tmp.open(gone, "x", CREATE, 0, 0)).isEqualTo(-Errno.NOENT);
    }

    @ParameterizedTest
    @CsvSource({
        "file, new, 0",
        "file, other, 0",
        "file, file, 0",
        "dir, new, 0",
        "dir, new/, 0",
        "dir, empty, 0",
        "empty, dir, 55",
        "file, dir, 31",
        "dir, file, 54",
        "file, new/, 54",
        "dir, dir/below, 28",
        "dir, dir/below/more, 28",
        "nothing, new, 44",
        "., new, 28",
        "file, nothing/new, 44"
    })
    void renamesByTheRules(String from, String to, int errno) {
        tmp.open("file", CREATE);
        tmp.open("other", CREATE);
        tmp.path(PATH_CREATE_DIRECTORY, TMP, "dir");
        tmp.path(PATH_CREATE_DIRECTORY, TMP, "dir/below");
        tmp.path(PATH_CREATE_DIRECTORY, TMP, "empty");

        assertThat(tmp.twoPaths(PATH_RENAME, from, to)).isEqualTo(errno);
        if (errno == Errno.SUCCESS) {
            assertThat(tmp.size(to)).isNotNegative();
            assertThat(from.equals(to) || tmp.size(from) == -Errno.NOENT).isTrue();
        }
    }

    @Test
    void keepsAFileThatHasAnotherName() {
        var fd = tmp.open("a", CREATE);
        tmp.write(fd, "text");

        assertThat(tmp.twoPaths(PATH_LINK, "a", "b")).isEqualTo(Errno.SUCCESS);
        assertThat(tmp.twoPaths(PATH_LINK, "a", "b")).isEqualTo(Errno.EXIST);
        tmp.path(PATH_UNLINK_FILE, TMP, "a");
        assertThat(tmp.size("b")).isEqualTo(4);
        tmp.wasi().call(FD_FILESTAT_GET, fd, 0);
        assertThat(memory().readLong(24)).isEqualTo(1);
        assertThat(memory().read(16)).isEqualTo(Filestat.FILE);
    }

    @Test
    void boundsHowManyNamesThereAre() {
        tmp.close(tmp.open("a", CREATE));
        var names = IntStream.range(0, 2_000)
                .filter(i -> tmp.twoPaths(PATH_LINK, "a", "name-" + i) == Errno.SUCCESS)
                .count();

        assertThat(names).isEqualTo(1_022);
        assertThat(tmp.twoPaths(PATH_LINK, "a", "b")).isEqualTo(Errno.NOSPC);
        tmp.path(PATH_UNLINK_FILE, TMP, "name-7");
        assertThat(tmp.twoPaths(PATH_LINK, "a", "b")).isEqualTo(Errno.SUCCESS);
    }

    @Test
    void hasNoSymbolicLinks() {
        tmp.open("a", CREATE);

        assertThat(tmp.path(PATH_READLINK, TMP, "a", 0, 10, 0)).isEqualTo(Errno.INVAL);
        assertThat(tmp.wasi().call(PATH_SYMLINK, tmp.wasi().text("ab"), 1, TMP, TestingWasi.FREE + 1, 1))
                .isEqualTo(Errno.NOTSUP);
    }

    @Test
    void tellsAndSetsTimes() {
        var fd = tmp.open("a", CREATE);
        tmp.wasi().call(FD_FILESTAT_GET, fd, 0);
        assertThat(memory().readLong(48)).isGreaterThan(1_700_000_000_000_000_000L);

        assertThat(tmp.wasi().call(FD_FILESTAT_SET_TIMES, fd, 1, 2, 5)).isEqualTo(Errno.SUCCESS);
        tmp.wasi().call(FD_FILESTAT_GET, fd, 0);

        assertThat(memory().readLong(40)).isEqualTo(1);
        assertThat(memory().readLong(48)).isEqualTo(2);
        assertThat(tmp.wasi().call(FD_FILESTAT_SET_TIMES, fd, 1, 2, 3)).isEqualTo(Errno.INVAL);
        assertThat(tmp.wasi().call(FD_FILESTAT_SET_TIMES, 1, 1, 2, 5)).isEqualTo(Errno.NOTSUP);
        assertThat(tmp.wasi().call(FD_SYNC, fd)).isEqualTo(Errno.SUCCESS);
        assertThat(tmp.wasi().call(FD_SYNC, 1)).isEqualTo(Errno.INVAL);
    }

    @Test
    void describesWhatIsOpen() {
        var fd = tmp.open(TMP, "a", CREATE, Rights.READ | 1L << 40, APPEND);

        tmp.wasi().call(FD_FDSTAT_GET, fd, 0);
        assertThat(memory().readLong(0)).isEqualTo(Filestat.FILE | 1 << 16);
        assertThat(memory().readLong(8)).isEqualTo(Rights.READ);
        tmp.wasi().call(FD_FDSTAT_GET, TMP, 0);
        assertThat(memory().readLong(0)).isEqualTo(Filestat.DIRECTORY);
        assertThat(memory().readLong(16) & (Rights.READ | Rights.WRITE)).isEqualTo(Rights.READ | Rights.WRITE);
    }
}
