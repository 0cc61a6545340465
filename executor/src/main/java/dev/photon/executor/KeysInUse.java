package dev.photon.executor;

import dev.photon.protocol.CallKey;
import dev.photon.protocol.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The keys whose first call runs, or whose answer is stored and not read yet, and the calls that wait for it. A key never
 * leaves it before its answer is known, so that none runs again in between. Thread-safe.
 *
 * @param <C> a call
 */
final class KeysInUse<C> {
    private final Function<String, Optional<Long>> kept;
    private final Predicate<String> full;
    /** By the hash of the key. */
    private final Map<String, Use<C>> uses = new HashMap<>();

    private int overdue;

    private static final class Use<C> {
        private final Digest payload;
        private List<C> waiting = new ArrayList<>();
        private boolean isOverdue;

        Use(Digest payload) {
            this.payload = payload;
        }
    }

    /** What to do with a call. */
    sealed interface Decision {
        /** It is the first. */
        record Run() implements Decision {}

        /** It is told when the first has ended. */
        record Wait() implements Decision {}

        /** It gets the answer that lies there. */
        record Replay(long offset) implements Decision {}

        /** The key is that of another request. */
        record Refuse() implements Decision {}

        /** The function has too many keys. */
        record NoRoom() implements Decision {}

        /** Answers are stored, and cannot be read now. */
        record Unread() implements Decision {}
    }

    /**
     * @param kept where the answer to the calls with a key lies
     * @param full whether no more keys of the function are taken, by the hash of one
     */
    KeysInUse(Function<String, Optional<Long>> kept, Predicate<String> full) {
        this.kept = kept;
        this.full = full;
    }

    synchronized Decision decide(CallKey key, C call) {
        var offset = kept.apply(key.hash());
        if (offset.isPresent()) {
            return new Decision.Replay(offset.get());
        }
        var use = uses.get(key.hash());
        if (use == null) {
            return begin(key);
        }
        if (!use.payload.equals(key.payload())) {
            return new Decision.Refuse();
        }
        if (use.isOverdue) {
            return new Decision.Unread();
        }
        use.waiting.add(call);
        return new Decision.Wait();
    }

    /** While answers cannot be read no more are added, or there would be no bound to them. */
    private Decision begin(CallKey key) {
        if (overdue > 0) {
            return new Decision.Unread();
        }
        if (full.test(key.hash())) {
            return new Decision.NoRoom();
        }
        uses.put(key.hash(), new Use<>(key.payload()));
        return new Decision.Run();
    }

    /** The answer is known, or there is none; who waited for it is returned. */
    synchronized List<C> end(String hash) {
        var use = uses.remove(hash);
        if (use == null) {
            return List.of();
        }
        if (use.isOverdue) {
            overdue--;
        }
        return use.waiting;
    }

    /** The answer is stored, and its reading takes too long; who waited for it is returned. */
    synchronized List<C> late(String hash) {
        var use = uses.get(hash);
        if (use == null || use.isOverdue) {
            return List.of();
        }
        use.isOverdue = true;
        overdue++;
        var waited = use.waiting;
        use.waiting = new ArrayList<>();
        return waited;
    }
}
