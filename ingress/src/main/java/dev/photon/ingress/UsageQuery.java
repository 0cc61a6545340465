package dev.photon.ingress;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Which periods are asked for: whole ones, the oldest first, all that have any of the time from {@code start} to before
 * {@code end} in them, also those in which nothing was used, so that a chart has a point for each.
 *
 * @param start milliseconds since 1970
 * @param end exclusive, and not in the future
 * @param offset how many of the oldest are left out
 * @param limit the most that are wanted
 */
record UsageQuery(UsagePeriod period, long start, long end, int offset, int limit) {
    private static final int MAX_LIMIT = 1_000;
    private static final int MAX_OFFSET = 1_000_000;

    /**
     * One period.
     *
     * @param end exclusive
     */
    record Bucket(LocalDateTime begin, LocalDateTime end) {

        long firstMinute() {
            return begin.toEpochSecond(ZoneOffset.UTC) / 60;
        }

        long endMinute() {
            return end.toEpochSecond(ZoneOffset.UTC) / 60;
        }

        /** How long it has lasted; at least a second, for it has begun. */
        long seconds(long nowMillis) {
            var now = UsagePeriod.utc(nowMillis);
            var until = end.isBefore(now) ? end : now;
            return Math.max(1, until.toEpochSecond(ZoneOffset.UTC) - begin.toEpochSecond(ZoneOffset.UTC));
        }
    }

    /**
     * @throws IllegalArgumentException with a sentence for the caller
     */
    static UsageQuery read(UsagePeriod period, Parameters parameters, long now) {
        var start = parameters.time("start");
        var end = parameters.time("end");
        if (start.isPresent() && end.isPresent() && start.get() >= end.get()) {
            throw new IllegalArgumentException("start must be before end");
        }
        var until = Math.max(0, Math.min(now, end.orElse(now)));
        return new UsageQuery(
                period,
                Math.max(0, start.orElseGet(() -> usualStart(period, until))),
                until,
                parameters.number("offset", 0, 0, MAX_OFFSET),
                parameters.number("limit", MAX_LIMIT, 1, MAX_LIMIT));
    }

    private static long usualStart(UsagePeriod period, long end) {
        var last = period.begin(UsagePeriod.utc(end - 1));
        return period.after(last, 1L - period.usual()).toEpochSecond(ZoneOffset.UTC) * 1_000;
    }

    List<Bucket> buckets() {
        var buckets = new ArrayList<Bucket>();
        var until = UsagePeriod.utc(end - 1);
        var begin = period.after(period.begin(UsagePeriod.utc(start)), offset);
        while (start < end && !begin.isAfter(until) && buckets.size() < limit) {
            var next = period.after(begin, 1);
            buckets.add(new Bucket(begin, next));
            begin = next;
        }
        return buckets;
    }
}
