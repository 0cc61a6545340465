package dev.photon.protocol;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process gets on, or should be started anew: it may look alive, and do nothing, without one of its threads.
 * Thread-safe.
 */
public final class Liveness {
    private static final Logger LOG = LoggerFactory.getLogger(Liveness.class);

    private static final Set<String> ENDED = ConcurrentHashMap.newKeySet();

    private Liveness() {}

    /**
     * What a thread does for as long as its process is there.
     *
     * @param body which returns when it is to end; when it throws, the process is not live any more
     */
    public static Runnable needed(Runnable body) {
        return () -> {
            try {
                body.run();
            } catch (RuntimeException | Error e) {
                var name = Thread.currentThread().getName();
                ENDED.add(name);
                LOG.atError().addKeyValue("thread", name).setCause(e).log("a thread that is needed has ended");
                throw e;
            }
        };
    }

    /** The names of the threads that have ended so, or that own consumers and are {@linkplain ConsumerThread#stuck stuck}. */
    public static List<String> stuck() {
        return Stream.concat(ConsumerThread.stuck().stream(), ENDED.stream())
                .sorted()
                .toList();
    }
}
