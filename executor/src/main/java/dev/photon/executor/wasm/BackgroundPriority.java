package dev.photon.executor.wasm;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lowers the priority of single threads of this process, by the nice value that Linux keeps for each. Elsewhere nothing
 * happens: POSIX knows only the process's. Java's own thread priorities do nothing on Linux unless the virtual machine
 * is told so, which then changes those of its compilers too. Any process may lower, but only a privileged one may raise
 * again; and a thread inherits the value from the one that starts it.
 */
final class BackgroundPriority {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundPriority.class);
    private static final Path THREAD = Path.of("/proc/thread-self");
    private static final int PRIO_PROCESS = 0;
    private static final int NICE = 19;

    private BackgroundPriority() {}

    /** Linux's number of the calling thread, where there is one. */
    static Optional<Integer> currentThread() {
        try {
            return Optional.of(
                    Integer.valueOf(Files.readSymbolicLink(THREAD).getFileName().toString()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether the thread goes on with a lowered priority. */
    static boolean take(int thread) {
        try {
            return (int) Native.SETPRIORITY.invokeExact(PRIO_PROCESS, thread, NICE) == 0;
        } catch (Throwable e) {
            LOG.atDebug().setCause(e).log("thread keeps its priority");
            return false;
        }
    }

    /** Linking takes milliseconds, which a process that nobody burdens does not spend. */
    private static final class Native {
        /** {@code int setpriority(int which, id_t who, int value)}, see setpriority(2). */
        static final MethodHandle SETPRIORITY = link();

        /** The signature is the manual page's. */
        @SuppressWarnings("restricted")
        private static MethodHandle link() {
            var linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("setpriority"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        }
    }
}
