package dev.photon.protocol;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * What this process has counted since its start. Thread-safe; to count neither locks nor allocates once a function was
 * seen. Only functions that exist may be counted, or strangers could fill the memory with names.
 */
public final class UsageCounters {
    private static final int LEAST_ERROR = 500;

    private final Map<String, Counter> counters = new ConcurrentHashMap<>();

    private static final class Counter {
        private final LongAdder requests = new LongAdder();
        private final LongAdder errors = new LongAdder();
        private final LongAdder uploaded = new LongAdder();
        private final LongAdder downloaded = new LongAdder();

        UsageTotals totals() {
            return new UsageTotals(requests.sum(), errors.sum(), uploaded.sum(), downloaded.sum());
        }
    }

    /**
     * Counts one call, once.
     *
     * @param status as HTTP has it
     * @param uploaded bytes of the request's body
     * @param downloaded bytes of the answer's body
     */
    public void count(String function, int status, long uploaded, long downloaded) {
        var known = counters.get(function);
        var counter = known != null ? known : counters.computeIfAbsent(function, name -> new Counter());
        counter.requests.increment();
        if (status >= LEAST_ERROR) {
            counter.errors.increment();
        }
        counter.uploaded.add(uploaded);
        counter.downloaded.add(downloaded);
    }

    /** By function; a call that is counted at this moment may be there in part, and is there in full the next time. */
    Map<String, UsageTotals> totals() {
        return counters.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, counter -> counter.getValue().totals()));
    }
}
