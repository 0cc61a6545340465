package dev.photon.ingress;

import dev.photon.protocol.TopicPlan;
import dev.photon.protocol.UsageRecord;
import dev.photon.protocol.UsageTotals;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The region's usage by minute, over all functions and instances, as the records of {@code photon.usage} tell in their
 * order. Of each instance only the minute at which it is stays known in parts:
 *
 * <pre>
 *   record of   that minute      replaces what its function had in it
 *               a later minute   is added, and the instance is at that minute now
 *               an earlier one   is void: an instance does not go back
 * </pre>
 *
 * So a record that is repeated, or compacted away behind a later one of its key, changes nothing. An instance that fell
 * a day behind the newest is forgotten, and what it says of so old a minute is void, too. Thread-safe; about 46 KB for
 * each day that has any usage.
 */
final class UsageTable {
    private static final long MINUTES_OF_DAY = Duration.ofDays(1).toMinutes();
    private static final long RETENTION_DAYS = TopicPlan.USAGE_RETENTION.toDays();

    /** A clock that is further ahead of ours is wrong, and must not make us forget what is right. */
    private static final long ALLOWED_SKEW = Duration.ofHours(1).toMinutes();

    private final Clock clock;
    private final TreeMap<Long, Day> days = new TreeMap<>();
    private final Map<String, Progress> instances = new HashMap<>();
    private long newest;

    UsageTable(Clock clock) {
        this.clock = clock;
    }

    /** Where an instance is: a minute, and what its functions have in it. */
    private record Progress(long minute, Map<String, UsageTotals> functions) {}

    /** Totals of the minutes of one day. */
    private static final class Day {
        private static final int FIELDS = 4;

        private final long[] totals = new long[FIELDS * (int) MINUTES_OF_DAY];

        void add(int minute, UsageTotals more) {
            var at = FIELDS * minute;
            totals[at] += more.requests();
            totals[at + 1] += more.errors();
            totals[at + 2] += more.uploaded();
            totals[at + 3] += more.downloaded();
        }

        UsageTotals sum(int from, int to) {
            long requests = 0;
            long errors = 0;
            long uploaded = 0;
            long downloaded = 0;
            for (int at = FIELDS * from; at < FIELDS * to; at += FIELDS) {
                requests += totals[at];
                errors += totals[at + 1];
                uploaded += totals[at + 2];
                downloaded += totals[at + 3];
            }
            return new UsageTotals(requests, errors, uploaded, downloaded);
        }
    }

    synchronized void apply(UsageRecord usage) {
        var minute = usage.minute();
        var present = clock.millis() / Duration.ofMinutes(1).toMillis();
        var oldest = (present / MINUTES_OF_DAY - RETENTION_DAYS) * MINUTES_OF_DAY;
        if (minute > present + ALLOWED_SKEW || minute < oldest) {
            return;
        }
        var known = instances.get(usage.instance());
        if (known == null ? minute < newest - MINUTES_OF_DAY : minute < known.minute()) {
            return;
        }
        if (known == null || known.minute() < minute) {
            known = new Progress(minute, new HashMap<>());
            instances.put(usage.instance(), known);
        }
        var before = known.functions().put(usage.function(), usage.totals());
        var more = usage.totals().minus(before == null ? UsageTotals.NONE : before);
        days.computeIfAbsent(minute / MINUTES_OF_DAY, day -> new Day()).add((int) (minute % MINUTES_OF_DAY), more);
        if (minute > newest) {
            newest = minute;
            forget(oldest);
        }
    }

    private void forget(long oldest) {
        instances.values().removeIf(progress -> progress.minute() < newest - MINUTES_OF_DAY);
        days.headMap(oldest / MINUTES_OF_DAY).clear();
    }

    /**
     * What was counted in the minutes from {@code from} to before {@code to}, in minutes since 1970.
     */
    synchronized UsageTotals sum(long from, long to) {
        var sum = UsageTotals.NONE;
        var days = this.days.subMap(Math.floorDiv(from, MINUTES_OF_DAY), Math.ceilDiv(to, MINUTES_OF_DAY));
        for (var day : days.entrySet()) {
            var begin = day.getKey() * MINUTES_OF_DAY;
            var first = Math.max(0, from - begin);
            var end = Math.min(MINUTES_OF_DAY, to - begin);
            sum = sum.plus(day.getValue().sum((int) first, (int) end));
        }
        return sum;
    }
}
