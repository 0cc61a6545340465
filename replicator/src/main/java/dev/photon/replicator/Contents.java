package dev.photon.replicator;

import dev.photon.protocol.ConsumerThread;
import dev.photon.protocol.Digest;
import dev.photon.protocol.RegionConfig;
import dev.photon.registry.CommandSender;
import dev.photon.registry.FunctionView;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;

/**
 * Looks for content that is needed here and lies in other regions, on a thread of its own, and has it brought: from each
 * region two at a time, of which one may be large, the smallest first. Whatever fails is tried again later, and holds up
 * no other.
 */
final class Contents implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int AT_ONCE = 2;
    private static final long LARGE_BYTES = 8 << 20;

    private final RegionConfig region;
    private final Lanes lanes;
    private final Retries retries = new Retries(System::nanoTime);
    private final Map<Digest, FunctionView.Absent> underWay = new ConcurrentHashMap<>();
    private final Pauses pauses;
    private final ConsumerThread thread;
    private volatile boolean ready;

    /**
     * @param pauses in which the lanes wait, too
     */
    Contents(RegionConfig region, Lanes lanes, Pauses pauses) {
        this.region = region;
        this.lanes = lanes;
        this.pauses = pauses;
        this.thread = new ConsumerThread(region.kafka(), "replicator-contents", GRACE, this::term);
    }

    void start() {
        thread.start();
    }

    /** Whether it knows what is needed. */
    boolean ready() {
        return ready;
    }

    private void term() throws InterruptedException {
        try (var view = FunctionView.ofContents(region, "replicator");
                var commands = new CommandSender(region, "replicator")) {
            await(view.ready());
            await(commands.positioned());
            ready = true;
            var threads = Executors.newVirtualThreadPerTaskExecutor();
            try {
                look(view, new Handover(view, commands), threads);
            } finally {
                threads.shutdownNow();
                threads.close();
            }
        } finally {
            ready = false;
        }
    }

    private void await(CompletableFuture<Void> there) throws InterruptedException {
        while (!there.isDone()) {
            thread.goesOn();
            pauses.await(LOOK);
        }
        if (there.isCompletedExceptionally()) {
            throw new KafkaException(there.exceptionNow());
        }
    }

    private void look(FunctionView view, Handover handover, Executor threads) throws InterruptedException {
        var seen = -1L;
        var more = true;
        while (thread.goesOn()) {
            var now = view.read();
            // Before the view is asked: what has come to its end by now, the view has.
            var busy = Set.copyOf(underWay.keySet());
            if (more || now != seen) {
                bring(view, handover, threads, busy);
            }
            more = !busy.isEmpty() || !retries.isEmpty() || !underWay.isEmpty();
            seen = now;
            pauses.await(LOOK);
        }
    }

    private void bring(FunctionView view, Handover handover, Executor threads, Set<Digest> busy) {
        var absent = view.absent();
        retries.retain(absent.stream().map(each -> each.artifact().digest()).collect(Collectors.toSet()));
        absent.stream()
                .filter(each -> !busy.contains(each.artifact().digest())
                        && retries.due(each.artifact().digest()))
                .sorted(Comparator.comparingLong(each -> each.artifact().size()))
                .filter(this::hasRoom)
                .forEach(each -> {
                    underWay.put(each.artifact().digest(), each);
                    threads.execute(() -> bring(each, handover));
                });
    }

    private boolean hasRoom(FunctionView.Absent absent) {
        var beside = underWay.values().stream()
                .filter(other -> other.origin().equals(absent.origin()))
                .toList();
        return beside.size() < AT_ONCE && !(isLarge(absent) && beside.stream().anyMatch(Contents::isLarge));
    }

    private static boolean isLarge(FunctionView.Absent absent) {
        return absent.artifact().size() > LARGE_BYTES;
    }

    private void bring(FunctionView.Absent absent, Handover handover) {
        var digest = absent.artifact().digest();
        var here = false;
        try {
            here = lanes.bring(absent, handover);
        } finally {
            if (!here) {
                retries.failed(digest);
            }
            underWay.remove(digest);
        }
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        pauses.close();
        thread.close();
    }
}
