package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one module's compiled code does at every call and every end of a loop. At first that is nothing, not even a look:
 * the JVM compiles it away. Once a thread in that code is to stop, the JVM throws away what it compiled from that module,
 * threads in the midst of it included, and from then on the code looks at its thread's interrupt flag. Thread-safe.
 *
 * <p>There is no way back: whoever runs into its limit again and again makes nobody compile again and again. Public
 * because the module's classes name it.
 */
public final class Interruption {
    private static final MethodType TYPE = MethodType.methodType(void.class);
    private static final MethodHandle CHECK = find();

    private final MutableCallSite site = new MutableCallSite(MethodHandles.empty(TYPE));
    private final AtomicBoolean heeded = new AtomicBoolean();

    Interruption() {}

    private static MethodHandle find() {
        try {
            return MethodHandles.lookup().findStatic(Interruption.class, "check", TYPE);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The JVM asks for the call site when the module gets there first. All of a module's classes have one loader. */
    public static CallSite link(MethodHandles.Lookup caller, String name, MethodType type) {
        return ((GuestClasses) caller.lookupClass().getClassLoader()).interruption().site;
    }

    /** Ends the run of a thread that is interrupted. */
    static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new ChicoryInterruptedException("interrupted");
        }
    }

    /** From now on, threads that are interrupted end their run. The first time takes milliseconds. */
    void heed() {
        if (heeded.compareAndSet(false, true)) {
            site.setTarget(CHECK);
            MutableCallSite.syncAll(new MutableCallSite[] {site});
        }
    }
}
