package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Function;

/** The classes of one module. They go when nothing holds what was made of them. */
final class GuestClasses extends ClassLoader {
    private final Interruption interruption = new Interruption();

    private GuestClasses() {
        super("guest", Engine.class.getClassLoader());
    }

    /**
     * What is made of a module's classes.
     *
     * @param interruption stops the threads that run them
     */
    record Loaded(Function<Instance, Machine> machines, Interruption interruption) {}

    Interruption interruption() {
        return interruption;
    }

    /**
     * Defines and verifies every class, so that nothing is left to fail in a run.
     *
     * @throws LinkageError when the JVM refuses one
     */
    static Loaded define(CompiledCode code) {
        var loader = new GuestClasses();
        code.classes().forEach((name, file) -> loader.defineClass(name, file, 0, file.length));
        try {
            for (var name : code.classes().keySet()) {
                Class.forName(name, true, loader);
            }
            var constructor = MethodHandles.publicLookup()
                    .findConstructor(
                            loader.loadClass(code.machine()), MethodType.methodType(void.class, Instance.class))
                    .asType(MethodType.methodType(Machine.class, Instance.class));
            return new Loaded(instance -> construct(constructor, instance), loader.interruption);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the compiled classes do not fit together", e);
        }
    }

    private static Machine construct(MethodHandle constructor, Instance instance) {
        try {
            return (Machine) constructor.invokeExact(instance);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a machine's constructor throws nothing checked", e);
        }
    }
}
