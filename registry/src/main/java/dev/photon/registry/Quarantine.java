package dev.photon.registry;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds back what a region whose clock is far ahead of ours has written, until our clock is near: whatever it says of
 * aliases would outweigh all that others say. Confined to the view's lock, but for {@link #size}.
 */
final class Quarantine {
    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
    private static final Duration MOST_AHEAD = Duration.ofSeconds(60);

    private final Clock clock;
    /** By region, in the order of its log. */
    private final Map<String, Deque<Stamped>> held = new TreeMap<>();

    private final AtomicInteger size = new AtomicInteger();

    Quarantine(Clock clock) {
        this.clock = clock;
    }

    /** Takes the state, and all that its region wrote after, if that must not hold yet. */
    boolean holds(String origin, Stamped stamped) {
        if (stamped.state() instanceof State.Copied || (!held.containsKey(origin) && !isEarly(stamped))) {
            return false;
        }
        if (!held.containsKey(origin)) {
            LOG.atError()
                    .addKeyValue("region", origin)
                    .addKeyValue("key", stamped.state().key())
                    .log("what a region writes is held back: its clock is more than 60 s ahead of ours");
        }
        held.computeIfAbsent(origin, added -> new ArrayDeque<>()).add(stamped);
        size.incrementAndGet();
        return true;
    }

    /** Gives what may hold now. */
    void release(BiConsumer<String, Stamped> to) {
        held.forEach((origin, states) -> {
            while (!states.isEmpty() && !isEarly(states.peek())) {
                to.accept(origin, states.remove());
                size.decrementAndGet();
            }
        });
        held.values().removeIf(Deque::isEmpty);
    }

    private boolean isEarly(Stamped stamped) {
        return stamped.stamp().at() > Stamp.atMillis(clock.millis() + MOST_AHEAD.toMillis());
    }

    /** How many states are held. */
    int size() {
        return size.get();
    }
}
