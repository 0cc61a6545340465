package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The functions of WASI preview 1 (legacy/preview1/docs.md), all of them: what needs files or sockets links too, and is
 * told that the descriptor is bad or of another kind. Parameters are written {@code i} for i32 and {@code I} for i64;
 * the result is an error number.
 */
@SuppressWarnings("ImmutableEnumChecker") // A function type and a lambda without state do not change.
enum WasiFunction {
    ARGS_GET("ii", (guest, memory, a) -> guest.arguments().write(memory, (int) a[0], (int) a[1])),
    ARGS_SIZES_GET("ii", (guest, memory, a) -> guest.arguments().sizes(memory, (int) a[0], (int) a[1])),
    ENVIRON_GET("ii", (guest, memory, a) -> guest.environment().write(memory, (int) a[0], (int) a[1])),
    ENVIRON_SIZES_GET("ii", (guest, memory, a) -> guest.environment().sizes(memory, (int) a[0], (int) a[1])),
    CLOCK_RES_GET("ii", (guest, memory, a) -> Clocks.resolution(memory, (int) a[0], (int) a[1])),
    CLOCK_TIME_GET("iIi", (guest, memory, a) -> Clocks.time(memory, (int) a[0], (int) a[2])),
    FD_ADVISE("iIIi", refuse(0, Errno.SPIPE)),
    FD_ALLOCATE("iII", refuse(0, Errno.SPIPE)),
    FD_CLOSE("i", (guest, memory, a) -> guest.streams().close((int) a[0])),
    FD_DATASYNC("i", refuse(0, Errno.INVAL)),
    FD_FDSTAT_GET("ii", (guest, memory, a) -> guest.streams().describe(memory, (int) a[0], (int) a[1])),
    /** Succeeds: our streams never block, with or without the flag. */
    FD_FDSTAT_SET_FLAGS("ii", refuse(0, Errno.SUCCESS)),
    FD_FDSTAT_SET_RIGHTS("iII", refuse(0, Errno.NOTSUP)),
    FD_FILESTAT_GET("ii", (guest, memory, a) -> guest.streams().describeFile(memory, (int) a[0], (int) a[1])),
    FD_FILESTAT_SET_SIZE("iI", refuse(0, Errno.INVAL)),
    FD_FILESTAT_SET_TIMES("iIIi", refuse(0, Errno.NOTSUP)),
    FD_PREAD("iiiIi", refuse(0, Errno.SPIPE)),
    /** No descriptor is a directory that was opened for the guest; with this answer C libraries stop asking. */
    FD_PRESTAT_GET("ii", (guest, memory, a) -> Errno.BADF),
    FD_PRESTAT_DIR_NAME("iii", (guest, memory, a) -> Errno.BADF),
    FD_PWRITE("iiiIi", refuse(0, Errno.SPIPE)),
    FD_READ("iiii", (guest, memory, a) -> guest.streams().read(memory, (int) a[0], (int) a[1], (int) a[2], (int) a[3])),
    FD_READDIR("iiiIi", refuse(0, Errno.NOTDIR)),
    FD_RENUMBER("ii", refuse(0, Errno.NOTSUP)),
    FD_SEEK("iIii", refuse(0, Errno.SPIPE)),
    FD_SYNC("i", refuse(0, Errno.INVAL)),
    FD_TELL("ii", refuse(0, Errno.SPIPE)),
    FD_WRITE(
            "iiii",
            (guest, memory, a) -> guest.streams().write(memory, (int) a[0], (int) a[1], (int) a[2], (int) a[3])),
    PATH_CREATE_DIRECTORY("iii", refuse(0, Errno.NOTDIR)),
    PATH_FILESTAT_GET("iiiii", refuse(0, Errno.NOTDIR)),
    PATH_FILESTAT_SET_TIMES("iiiiIIi", refuse(0, Errno.NOTDIR)),
    PATH_LINK("iiiiiii", refuse(0, Errno.NOTDIR)),
    PATH_OPEN("iiiiiIIii", refuse(0, Errno.NOTDIR)),
    PATH_READLINK("iiiiii", refuse(0, Errno.NOTDIR)),
    PATH_REMOVE_DIRECTORY("iii", refuse(0, Errno.NOTDIR)),
    PATH_RENAME("iiiiii", refuse(0, Errno.NOTDIR)),
    PATH_SYMLINK("iiiii", refuse(2, Errno.NOTDIR)),
    PATH_UNLINK_FILE("iii", refuse(0, Errno.NOTDIR)),
    POLL_ONEOFF(
            "iiii",
            (guest, memory, a) -> Poll.oneOff(memory, guest.streams(), (int) a[0], (int) a[1], (int) a[2], (int) a[3])),
    PROC_EXIT("i", (guest, memory, a) -> {
        throw new GuestExit((int) a[0]);
    }),
    PROC_RAISE("i", (guest, memory, a) -> Errno.NOSYS),
    RANDOM_GET("ii", (guest, memory, a) -> Entropy.fill(memory, (int) a[0], (int) a[1])),
    SCHED_YIELD("", (guest, memory, a) -> Errno.SUCCESS),
    SOCK_ACCEPT("iii", refuse(0, Errno.NOTSOCK)),
    SOCK_RECV("iiiiii", refuse(0, Errno.NOTSOCK)),
    SOCK_SEND("iiiii", refuse(0, Errno.NOTSOCK)),
    SOCK_SHUTDOWN("ii", refuse(0, Errno.NOTSOCK));

    static final String MODULE = "wasi_snapshot_preview1";

    private static final Map<String, WasiFunction> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(WasiFunction::wasiName, Function.identity()));

    private final String wasiName;
    private final FunctionType type;
    private final Body body;

    WasiFunction(String parameters, Body body) {
        this.wasiName = name().toLowerCase(Locale.ROOT);
        this.type = FunctionType.of(
                parameters
                        .chars()
                        .mapToObj(letter -> letter == 'I' ? ValType.I64 : ValType.I32)
                        .toList(),
                wasiName.equals("proc_exit") ? List.of() : List.of(ValType.I32));
        this.body = body;
    }

    private interface Body {
        int call(Guest guest, PagedMemory memory, long[] arguments);
    }

    private static Body refuse(int fdArgument, int errno) {
        return (guest, memory, a) -> guest.streams().refuse((int) a[fdArgument], errno);
    }

    static Map<String, WasiFunction> byName() {
        return BY_NAME;
    }

    String wasiName() {
        return wasiName;
    }

    FunctionType type() {
        return type;
    }

    /**
     * What the guest's call does.
     *
     * @return an error number
     */
    int call(Guest guest, PagedMemory memory, long[] arguments) {
        return body.call(guest, memory, arguments);
    }

    /** This function, bound to one guest. The memory is ours: modules have exactly one, and import none. */
    ImportFunction linkTo(Guest guest) {
        return new HostFunction(MODULE, wasiName, type, (instance, arguments) ->
                new long[] {call(guest, (PagedMemory) instance.memory(), arguments)});
    }
}
