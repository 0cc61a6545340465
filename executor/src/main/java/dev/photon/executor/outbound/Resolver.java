package dev.photon.executor.outbound;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Finds the addresses of a name. Thread-safe; never blocks. */
@FunctionalInterface
interface Resolver extends AutoCloseable {
    /**
     * @param name in ASCII, absolute though without a dot at the end
     * @return at least one address; or a failure. Cancelled, it ends the search
     */
    CompletableFuture<List<InetAddress>> resolve(String name);

    @Override
    default void close() {}
}
