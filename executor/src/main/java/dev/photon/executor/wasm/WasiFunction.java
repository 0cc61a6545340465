package dev.photon.executor.wasm;

import dev.photon.registry.HostInterface;

/**
 * The functions of WASI preview 1 (legacy/preview1/docs.md), all of them: what needs files or sockets links too, and is
 * told that the descriptor is bad or of another kind. The result is an error number.
 */
@SuppressWarnings("ImmutableEnumChecker") // A function type and a lambda without state do not change.
enum WasiFunction implements HostCall {
    ARGS_GET((run, memory, a) -> run.arguments().write(memory, (int) a[0], (int) a[1])),
    ARGS_SIZES_GET((run, memory, a) -> run.arguments().sizes(memory, (int) a[0], (int) a[1])),
    ENVIRON_GET((run, memory, a) -> run.environment().write(memory, (int) a[0], (int) a[1])),
    ENVIRON_SIZES_GET((run, memory, a) -> run.environment().sizes(memory, (int) a[0], (int) a[1])),
    CLOCK_RES_GET((run, memory, a) -> Clocks.resolution(memory, (int) a[0], (int) a[1])),
    CLOCK_TIME_GET((run, memory, a) -> Clocks.time(memory, (int) a[0], (int) a[2])),
    FD_ADVISE(refuse(0, Errno.SPIPE)),
    FD_ALLOCATE(refuse(0, Errno.SPIPE)),
    FD_CLOSE((run, memory, a) -> run.streams().close((int) a[0])),
    FD_DATASYNC(refuse(0, Errno.INVAL)),
    FD_FDSTAT_GET((run, memory, a) -> run.streams().describe(memory, (int) a[0], (int) a[1])),
    /** Succeeds: our streams never block, with or without the flag. */
    FD_FDSTAT_SET_FLAGS(refuse(0, Errno.SUCCESS)),
    FD_FDSTAT_SET_RIGHTS(refuse(0, Errno.NOTSUP)),
    FD_FILESTAT_GET((run, memory, a) -> run.streams().describeFile(memory, (int) a[0], (int) a[1])),
    FD_FILESTAT_SET_SIZE(refuse(0, Errno.INVAL)),
    FD_FILESTAT_SET_TIMES(refuse(0, Errno.NOTSUP)),
    FD_PREAD(refuse(0, Errno.SPIPE)),
    /** No descriptor is a directory that was opened for the guest; with this answer C libraries stop asking. */
    FD_PRESTAT_GET((run, memory, a) -> Errno.BADF),
    FD_PRESTAT_DIR_NAME((run, memory, a) -> Errno.BADF),
    FD_PWRITE(refuse(0, Errno.SPIPE)),
    FD_READ((run, memory, a) -> run.streams().read(memory, (int) a[0], (int) a[1], (int) a[2], (int) a[3])),
    FD_READDIR(refuse(0, Errno.NOTDIR)),
    FD_RENUMBER(refuse(0, Errno.NOTSUP)),
    FD_SEEK(refuse(0, Errno.SPIPE)),
    FD_SYNC(refuse(0, Errno.INVAL)),
    FD_TELL(refuse(0, Errno.SPIPE)),
    FD_WRITE((run, memory, a) -> run.streams().write(memory, (int) a[0], (int) a[1], (int) a[2], (int) a[3])),
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
    POLL_ONEOFF((run, memory, a) -> Poll.oneOff(memory, run.streams(), (int) a[0], (int) a[1], (int) a[2], (int) a[3])),
    PROC_EXIT((run, memory, a) -> {
        throw new GuestExit((int) a[0]);
    }),
    PROC_RAISE((run, memory, a) -> Errno.NOSYS),
    RANDOM_GET((run, memory, a) -> Entropy.fill(memory, (int) a[0], (int) a[1])),
    SCHED_YIELD((run, memory, a) -> Errno.SUCCESS),
    SOCK_ACCEPT(refuse(0, Errno.NOTSOCK)),
    SOCK_RECV(refuse(0, Errno.NOTSOCK)),
    SOCK_SEND(refuse(0, Errno.NOTSOCK)),
    SOCK_SHUTDOWN(refuse(0, Errno.NOTSOCK));

    private final Body body;

    WasiFunction(Body body) {
        this.body = body;
    }

    private interface Body {
        int call(Run run, LinearMemory memory, long[] arguments);
    }

    private static Body refuse(int fdArgument, int errno) {
        return (run, memory, a) -> run.streams().refuse((int) a[fdArgument], errno);
    }

    @Override
    public HostInterface from() {
        return HostInterface.WASI;
    }

    @Override
    public long call(Guest guest, LinearMemory memory, long[] arguments) {
        return body.call(guest.run(), memory, arguments);
    }
}
