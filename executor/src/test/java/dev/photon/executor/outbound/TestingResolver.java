package dev.photon.executor.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A name server that says what it is told to, and may change its mind. Thread-safe. */
final class TestingResolver implements Resolver {
    private final Map<String, Deque<List<InetAddress>>> answers = new ConcurrentHashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    /** Answers with these addresses; called again, with those at the next question. The last answer stays. */
    TestingResolver answer(String name, String... addresses) {
        answers.computeIfAbsent(name, key -> new ArrayDeque<>())
                .add(Stream.of(addresses).map(InetAddress::ofLiteral).toList());
        return this;
    }

    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public CompletableFuture<List<InetAddress>> resolve(String name) {
        asked.add(name);
        var known = answers.get(name);
        if (known == null) {
            return CompletableFuture.failedFuture(new UnknownHostException(name));
        }
        synchronized (known) {
            return CompletableFuture.completedFuture(known.size() > 1 ? known.removeFirst() : known.getFirst());
        }
    }
}
