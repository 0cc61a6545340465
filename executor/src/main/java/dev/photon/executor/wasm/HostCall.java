package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportFunction;
import dev.photon.registry.GuestModule;
import dev.photon.registry.HostInterface;
import java.util.Locale;
import java.util.Set;

/** A function that guests import. Its constants have the names that guests use, in capitals. */
interface HostCall {
    long[] NOTHING = {};

    /** Of our own module; the standard interfaces reach nothing outside of a run. */
    Set<String> REPEATABLE = Set.of("log", "deadline");

    HostInterface from();

    /** The constant's name. */
    String name();

    /**
     * What the guest's call does.
     *
     * @return the result; of no meaning when the function has none
     */
    long call(Guest guest, LinearMemory memory, long[] arguments);

    static HostCall of(GuestModule.HostImport wanted) {
        var name = wanted.name().toUpperCase(Locale.ROOT);
        return switch (wanted.from()) {
            case WASI -> WasiFunction.valueOf(name);
            case HTTP_HANDLER -> HandlerFunction.valueOf(name);
            case PHOTON -> PhotonFunction.valueOf(name);
        };
    }

    /** Whether a run that calls it can be given up, and repeated, without anybody outside being told twice. */
    static boolean isRepeatable(GuestModule.HostImport wanted) {
        return wanted.from() != HostInterface.PHOTON || REPEATABLE.contains(wanted.name());
    }

    default String importName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** This function, bound to one guest. The memory is ours: modules have exactly one, and import none. */
    default ImportFunction linkTo(Guest guest) {
        var type = from().type(importName()).orElseThrow();
        var answers = !type.returns().isEmpty();
        return new HostFunction(from().module(), importName(), type, (instance, arguments) -> {
            var result = call(guest, (LinearMemory) instance.memory(), arguments);
            return answers ? new long[] {result} : NOTHING;
        });
    }
}
