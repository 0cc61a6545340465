package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.wasm.types.FunctionType;
import dev.photon.registry.WasiPreview1;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The functions of WASI preview 1 (legacy/preview1/docs.md), all of them: what needs files or sockets links too, and is
 * told that the descriptor is bad or of another kind. The result is an error number.
 */
@SuppressWarnings("ImmutableEnumChecker") // A function type and a lambda without state do not change.
enum WasiFunction {
    ARGS_GET((guest, memory, a) -> guest.arguments().write(memory, (int) a[0], (int) a[1])),
    ARGS_SIZES_GET((guest, memory, a) -> guest.arguments().sizes(memory, (int) a[0], (int) a[1])),
    ENVIRON_GET((guest, memory, a) -> guest.environment().write(memory, (int) a[0], (int) a[1])),
    ENVIRON_SIZES_GET((guest, memory, a) -> guest.environment().sizes(memory, (int) a[0], (int) a[1])),
    CLOCK_RES_GET((guest, memory, a) -> Clocks.resolution(memory, (int) a[0], (int) a[1])),
    CLOCK_TIME_GET((guest, memory, a) -> Clocks.time(memory, (int) a[0], (int) a[2])),
    FD_ADVISE(refuse(0, Errno.SPIPE)),
    FD_ALLOCATE(refuse(0, Errno.SPIPE)),
    FD_CLOSE((guest, memory, a) -> guest.streams().close((int) a[0])),
    FD_DATASYNC(refuse(0, Errno.INVAL)),
    FD_FDSTAT_GET((guest, memory, a) -> guest.streams().describe(memory, (int) a[0], (int) a[1])),
    /** Succeeds: our streams never block, with or without the flag. */
    FD_FDSTAT_SET_FLAGS(refuse(0, Errno.SUCCESS)),
    FD_FDSTAT_SET_RIGHTS(refuse(0, Errno.NOTSUP)),
    FD_FILESTAT_GET((guest, memory, a) -> guest.streams().describeFile(memory, (int) a[0], (int) a[1])),
    FD_FILESTAT_SET_SIZE(refuse(0, Errno.INVAL)),
    FD_FILESTAT_SET_TIMES(refuse(0, Errno.NOTSUP)),
    FD_PREAD(refuse(0, Errno.SPIPE)),
    /** No descriptor is a directory that was opened for the guest; with this answer C libraries stop asking. */
    FD_PRESTAT_GET((guest, memory, a) -> Errno.BADF),
    FD_PRESTAT_DIR_NAME((guest, memory, a) -> Errno.BADF),
    FD_PWRITE(refuse(0, Errno.SPIPE)),
    FD_READ((guest, memory, a) -> guest.streams().read(memory, (int) a[0], (int) a[1], (int) a[2], (int) a[3])),
    FD_READDIR(refuse(0, Errno.NOTDIR)),
    FD_RENUMBER(refuse(0, Errno.NOTSUP)),
    FD_SEEK(refuse(0, Errno.SPIPE)),
    FD_SYNC(refuse(0, Errno.INVAL)),
    FD_TELL(refuse(0, Errno.SPIPE)),
    FD_WRITE((guest, memory, a) -> guest.streams().write(memory, (int) a[0], (int) a[1], (int) a[2], (int) a[3])),
    PATH_CREATE_DIRECTORY(refuse(0, Errno.NOTDIR)),
    PATH_FILESTAT_GET(refuse(0, Errno.NOTDIR)),
    PATH_FILESTAT_SET_TIMES(refuse(0, Errno.NOTDIR)),
    PATH_LINK(refuse(0, Errno.NOTDIR)),
    PATH_OPEN(refuse(0, Errno.NOTDIR)),
    PATH_READLINK(refuse(0, Errno.NOTDIR)),
    PATH_REMOVE_DIRECTORY(refuse(0, Errno.NOTDIR)),
    PATH_RENAME(refuse(0, Errno.NOTDIR)),
    PATH_SYMLINK(refuse(2, Errno.NOTDIR)),
    PATH_UNLINK_FILE(refuse(0, Errno.NOTDIR)),
    POLL_ONEOFF(
            (guest, memory, a) -> Poll.oneOff(memory, guest.streams(), (int) a[0], (int) a[1], (int) a[2], (int) a[3])),
    PROC_EXIT((guest, memory, a) -> {
        throw new GuestExit((int) a[0]);
    }),
    PROC_RAISE((guest, memory, a) -> Errno.NOSYS),
    RANDOM_GET((guest, memory, a) -> Entropy.fill(memory, (int) a[0], (int) a[1])),
    SCHED_YIELD((guest, memory, a) -> Errno.SUCCESS),
    SOCK_ACCEPT(refuse(0, Errno.NOTSOCK)),
    SOCK_RECV(refuse(0, Errno.NOTSOCK)),
    SOCK_SEND(refuse(0, Errno.NOTSOCK)),
    SOCK_SHUTDOWN(refuse(0, Errno.NOTSOCK));

    private static final Map<String, WasiFunction> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(WasiFunction::wasiName, Function.identity()));

    private final String wasiName;
    private final FunctionType type;
    private final Body body;

    WasiFunction(Body body) {
        this.wasiName = name().toLowerCase(Locale.ROOT);
        this.type = WasiPreview1.type(wasiName).orElseThrow();
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
        return new HostFunction(WasiPreview1.MODULE, wasiName, type, (instance, arguments) ->
                new long[] {call(guest, (PagedMemory) instance.memory(), arguments)});
    }
}
