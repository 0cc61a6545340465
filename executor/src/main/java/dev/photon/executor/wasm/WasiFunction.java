package dev.photon.executor.wasm;

import dev.photon.registry.HostInterface;

/**
 * The functions of WASI preview 1 (legacy/preview1/docs.md), all of them: what needs sockets or symbolic links is there,
 * too, and is refused. The result is an error number.
 */
@SuppressWarnings("ImmutableEnumChecker") // A function type and a lambda without state do not change.
enum WasiFunction implements HostCall {
    ARGS_GET((run, memory, a) -> run.arguments().write(memory, (int) a[0], (int) a[1])),
    ARGS_SIZES_GET((run, memory, a) -> run.arguments().sizes(memory, (int) a[0], (int) a[1])),
    ENVIRON_GET((run, memory, a) -> run.environment().write(memory, (int) a[0], (int) a[1])),
    ENVIRON_SIZES_GET((run, memory, a) -> run.environment().sizes(memory, (int) a[0], (int) a[1])),
    CLOCK_RES_GET((run, memory, a) -> Clocks.resolution(memory, (int) a[0], (int) a[1])),
    CLOCK_TIME_GET((run, memory, a) -> Clocks.time(memory, (int) a[0], (int) a[2])),
    FD_ADVISE(on(FileCalls::advise)),
    FD_ALLOCATE(on(FileCalls::allocate)),
    FD_CLOSE(on(FileCalls::close)),
    FD_DATASYNC(on(FileCalls::sync)),
    FD_FDSTAT_GET(on(FileCalls::describe)),
    FD_FDSTAT_SET_FLAGS(on(FileCalls::setFlags)),
    FD_FDSTAT_SET_RIGHTS(refuse(Errno.NOTSUP)),
    FD_FILESTAT_GET(on(FileCalls::stat)),
    FD_FILESTAT_SET_SIZE(on(FileCalls::resize)),
    FD_FILESTAT_SET_TIMES(on(FileCalls::setTimes)),
    FD_PREAD(on(FileCalls::readAt)),
    FD_PRESTAT_GET(on(FileCalls::preopened)),
    FD_PRESTAT_DIR_NAME(on(FileCalls::preopenedName)),
    FD_PWRITE(on(FileCalls::writeAt)),
    FD_READ(on(FileCalls::read)),
    FD_READDIR(on(FileCalls::list)),
    FD_RENUMBER(on(FileCalls::renumber)),
    FD_SEEK(on(FileCalls::seek)),
    FD_SYNC(on(FileCalls::sync)),
    FD_TELL(on(FileCalls::tell)),
    FD_WRITE(on(FileCalls::write)),
    PATH_CREATE_DIRECTORY(on(PathCalls::createDirectory)),
    PATH_FILESTAT_GET(on(PathCalls::stat)),
    PATH_FILESTAT_SET_TIMES(on(PathCalls::setTimes)),
    PATH_LINK(on(PathCalls::link)),
    PATH_OPEN(on(PathCalls::open)),
    PATH_READLINK(on(PathCalls::readLink)),
    PATH_REMOVE_DIRECTORY(on(PathCalls::removeDirectory)),
    PATH_RENAME(on(PathCalls::rename)),
    PATH_SYMLINK(on(PathCalls::symbolicLink)),
    PATH_UNLINK_FILE(on(PathCalls::unlink)),
    POLL_ONEOFF(
            (run, memory, a) -> Poll.oneOff(memory, run.descriptors(), (int) a[0], (int) a[1], (int) a[2], (int) a[3])),
    PROC_EXIT((run, memory, a) -> {
        throw new GuestExit((int) a[0]);
    }),
    PROC_RAISE((run, memory, a) -> Errno.NOSYS),
    RANDOM_GET((run, memory, a) -> Entropy.fill(memory, (int) a[0], (int) a[1])),
    SCHED_YIELD((run, memory, a) -> Errno.SUCCESS),
    SOCK_ACCEPT(refuse(Errno.NOTSOCK)),
    SOCK_RECV(refuse(Errno.NOTSOCK)),
    SOCK_SEND(refuse(Errno.NOTSOCK)),
    SOCK_SHUTDOWN(refuse(Errno.NOTSOCK));

    private final Body body;

    WasiFunction(Body body) {
        this.body = body;
    }

    private interface Body {
        int call(Run run, LinearMemory memory, long[] arguments) throws ErrnoException;
    }

    /** What only concerns what the guest has open. */
    private interface Call {
        int of(Descriptors open, LinearMemory memory, long[] arguments) throws ErrnoException;
    }

    private static Body on(Call call) {
        return (run, memory, a) -> call.of(run.descriptors(), memory, a);
    }

    private static Body refuse(int errno) {
        return (run, memory, a) -> {
            run.descriptors().at((int) a[0]);
            return errno;
        };
    }

    @Override
    public HostInterface from() {
        return HostInterface.WASI;
    }

    @Override
    public long call(Guest guest, LinearMemory memory, long[] arguments) {
        try {
            return body.call(guest.run(), memory, arguments);
        } catch (ErrnoException e) {
            return e.errno();
        }
    }
}
