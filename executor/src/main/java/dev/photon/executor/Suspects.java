package dev.photon.executor;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records that an owner before us may have died of, and those behind them, which wait until none is left. One that
 * was tried and failed comes again when its wait is over. Not thread-safe.
 */
final class Suspects {
    private final long end;
    private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    /** Of those that wait to be tried again: what begins it. */
    private final Map<Long, Runnable> again = new TreeMap<>();

    private OptionalLong running = OptionalLong.empty();

    /** @param end the offset before which all are suspects */
    Suspects(long end) {
        this.end = end;
    }

    long end() {
        return end;
    }

    /** Keeps a record that is not to run yet; false for one that may. They come in the order of their offsets. */
    boolean keepBack(ConsumerRecord<byte[], byte[]> source) {
        return (isSuspect(source) || running.isPresent() || !waiting.isEmpty()) && waiting.add(source);
    }

    /** Keeps a suspect that is to be tried again, before all others. */
    void keepBack(ConsumerRecord<byte[], byte[]> source, Runnable attempt) {
        waiting.addFirst(source);
        again.put(source.offset(), attempt);
    }

    private boolean isSuspect(ConsumerRecord<byte[], byte[]> source) {
        return source.offset() < end;
    }

    /** The next one to run alone, if none does. One that is tried again has its turn among those of its key already. */
    Optional<ConsumerRecord<byte[], byte[]>> next(Predicate<ConsumerRecord<byte[], byte[]>> may) {
        return running.isPresent()
                ? Optional.empty()
                : waiting.stream()
                        .filter(this::isSuspect)
                        .filter(source -> again.containsKey(source.offset()) || may.test(source))
                        .findFirst();
    }

    /** What begins it, if it is tried again. */
    Optional<Runnable> begin(ConsumerRecord<byte[], byte[]> source) {
        waiting.remove(source);
        running = OptionalLong.of(source.offset());
        return Optional.ofNullable(again.remove(source.offset()));
    }

    void ended(long offset) {
        if (running.isPresent() && running.getAsLong() == offset) {
            running = OptionalLong.empty();
        }
    }

    /** Gives those away that waited for the suspects, once there is none left. */
    List<ConsumerRecord<byte[], byte[]>> release() {
        if (running.isPresent() || waiting.isEmpty() || isSuspect(waiting.getFirst())) {
            return List.of();
        }
        var free = List.copyOf(waiting);
        waiting.clear();
        return free;
    }

    /** What would have begun those that were to be tried again, and are not any more. */
    Collection<Runnable> giveUp() {
        var begun = List.copyOf(again.values());
        waiting.removeIf(source -> again.containsKey(source.offset()));
        again.clear();
        return begun;
    }

    boolean anyWaiting() {
        return !waiting.isEmpty();
    }

    /** Whether there may be some, when the next record to come is at this offset. */
    boolean anyLeft(long next) {
        return next < end || running.isPresent() || (!waiting.isEmpty() && isSuspect(waiting.getFirst()));
    }
}
