package dev.photon.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Divides running totals into minutes. One minute is open at a time; it ends when its time is over, and the next begins
 * only when all of it is acknowledged, so that a process never goes back to an earlier minute:
 *
 * <pre>
 *   open ──sample──► unsent ──acknowledged──► open … time over ──► ended: no more samples ──all acknowledged──► next
 * </pre>
 *
 * While Kafka is away nothing piles up: what is counted meanwhile belongs to the minute in which it is back. Confined to
 * its thread.
 */
final class UsageMinute {
    private final String instance;
    private final Map<String, UsageTotals> before = new HashMap<>();
    private final Map<String, UsageTotals> counted = new HashMap<>();
    private final Map<String, UsageTotals> acknowledged = new HashMap<>();
    private long minute;
    private boolean ended;

    UsageMinute(String instance, long minute) {
        this.instance = instance;
        this.minute = minute;
    }

    /**
     * Takes note of what was counted until now, unless the minute has ended.
     *
     * @param totals since the start of the process
     * @param now minutes since 1970; a clock that goes back does not reopen a minute
     */
    void sample(Map<String, UsageTotals> totals, long now) {
        if (!ended) {
            totals.forEach((function, all) -> counted.put(function, all.minus(before(function))));
            ended = now > minute;
        }
    }

    /** What the log does not know yet. */
    List<UsageRecord> unsent() {
        var unsent = new ArrayList<UsageRecord>();
        counted.forEach((function, totals) -> {
            if (!totals.equals(acknowledged.getOrDefault(function, UsageTotals.NONE))) {
                unsent.add(new UsageRecord(instance, minute, function, totals));
            }
        });
        return unsent;
    }

    void acknowledged(UsageRecord sent) {
        acknowledged.put(sent.function(), sent.totals());
    }

    /**
     * Begins the present minute when the one before has ended and is acknowledged.
     *
     * @return whether it did
     */
    boolean advance(long now) {
        if (!ended || !unsent().isEmpty()) {
            return false;
        }
        counted.forEach(
                (function, totals) -> before.put(function, before(function).plus(totals)));
        counted.clear();
        acknowledged.clear();
        minute = Math.max(minute + 1, now);
        ended = false;
        return true;
    }

    private UsageTotals before(String function) {
        return before.getOrDefault(function, UsageTotals.NONE);
    }
}
