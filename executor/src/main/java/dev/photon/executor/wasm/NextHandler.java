package dev.photon.executor.wasm;

import dev.photon.protocol.Header;
import java.util.List;
import java.util.Optional;

/** What a handler's request goes to when the handler passes it on (http-wasm handler ABI, "next"). Thread-safe. */
public interface NextHandler {
    /** Finds nothing. */
    NextHandler NONE = (method, uri) -> Optional.empty();

    /**
     * Called on the run's thread.
     *
     * @param uri path and query, as the guest left them
     * @return empty when nothing is there
     * @throws Failed when it cannot be said, which the handler learns
     * @throws InterruptedException when the thread is interrupted meanwhile
     */
    Optional<Response> handle(String method, String uri) throws Failed, InterruptedException;

    /** There is no response, for a reason that is told to the function's author. */
    final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        public Failed(String reason) {
            super(reason);
        }
    }

    /**
     * @param headers names in lower case
     * @param body not copied, so not to be changed
     */
    record Response(int status, List<Header> headers, byte[] body) {}
}
