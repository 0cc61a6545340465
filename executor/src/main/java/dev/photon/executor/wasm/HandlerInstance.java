package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.ExportFunction;
import dev.photon.protocol.LogLevel;
import dev.photon.protocol.Reply;
import java.util.Map;

/** An initialised instance of a handler, which handles one request after the other. Confined to one thread at a time. */
final class HandlerInstance implements AutoCloseable {
    private static final int NO_ERROR = 0;
    private static final int ERROR = 1;

    /**
     * Whose requests an instance may see: those of one version of a function, with the variables and the memory that
     * the instance began with. Functions of the same module do not meet.
     */
    record Owner(String function, String version, Map<String, String> env, int memoryPages) {
        static Owner of(Run run) {
            return of(run.request(), run.limits());
        }

        static Owner of(GuestRequest request, RunLimits limits) {
            return new Owner(request.function(), request.version(), request.env(), limits.memoryPages());
        }
    }

    private final Owner owner;
    private final Guest guest;
    private final LinearMemory memory;
    private final ExportFunction handleRequest;
    private final ExportFunction handleResponse;

    HandlerInstance(
            Owner owner,
            Guest guest,
            LinearMemory memory,
            ExportFunction handleRequest,
            ExportFunction handleResponse) {
        this.owner = owner;
        this.guest = guest;
        this.memory = memory;
        this.handleRequest = handleRequest;
        this.handleResponse = handleResponse;
    }

    /** Gives back its memory. */
    @Override
    public void close() {
        memory.close();
    }

    /** Of its memory, as it is now. */
    int pages() {
        return memory.pages();
    }

    Owner owner() {
        return owner;
    }

    /** Whatever is thrown out of here leaves an instance that is good for nothing. */
    Reply.Outcome handle(Run run) {
        var exchange = guest.serve(run);
        var contextAndNext = handleRequest.apply()[0];
        switch ((int) contextAndNext) {
            case 0 -> {}
            case 1 -> {
                var failure = exchange.proceed();
                failure.ifPresent(reason -> run.log(LogLevel.ERROR, "next: " + reason));
                handleResponse.apply(contextAndNext >>> 32, failure.isPresent() ? ERROR : NO_ERROR);
            }
            default -> throw new BadCall("handle_request: next is neither 0 nor 1");
        }
        var answer = exchange.answer(run.emissions()::end);
        guest.rest();
        return answer;
    }
}
