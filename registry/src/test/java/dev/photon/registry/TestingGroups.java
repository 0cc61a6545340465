package dev.photon.registry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.TimeoutException;

/** Groups that are made up. */
final class TestingGroups implements ConsumerGroups {
    final Set<String> there = new HashSet<>();
    final Set<String> busy = new HashSet<>();
    /** When groups were to be deleted, in seconds. */
    final List<Long> tried = new ArrayList<>();

    boolean answers = true;
    int listings;

    private final LongSupplier nanoTime;

    TestingGroups(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public Set<String> names() {
        listings++;
        if (!answers) {
            throw new TimeoutException();
        }
        return Set.copyOf(there);
    }

    @Override
    public Set<String> delete(Set<String> groups) {
        tried.add(nanoTime.getAsLong() / 1_000_000_000);
        there.removeIf(group -> groups.contains(group) && !busy.contains(group));
        var left = new HashSet<>(groups);
        left.retainAll(busy);
        return left;
    }
}
