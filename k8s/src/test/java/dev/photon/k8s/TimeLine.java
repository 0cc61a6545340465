package dev.photon.k8s;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What became of the requests that were sent in each five seconds of a run, and who was away meanwhile. */
final class TimeLine {
    private static final int ROW_SECONDS = 5;
    private static final long ROW = TimeUnit.SECONDS.toNanos(ROW_SECONDS);

    private final List<Call> calls;
    private final List<Outages.Outage> outages;
    private final long began;

    /** Begins with the first request. */
    TimeLine(List<Call> calls, List<Outages.Outage> outages) {
        this.calls = calls;
        this.outages = outages;
        this.began = calls.stream().mapToLong(Call::sent).min().orElse(0);
    }

    @Override
    public String toString() {
        var rows = calls.stream().collect(Collectors.groupingBy(call -> (int) ((call.sent() - began) / ROW)));
        var last = rows.keySet().stream().mapToInt(row -> row).max().orElse(-1);
        var table = new StringBuilder(
                "  seconds  requests  answered  refused  broken    p50 ms    p95 ms  away%n".formatted());
        for (int row = 0; row <= last; row++) {
            append(table, row, rows.getOrDefault(row, List.of()));
        }
        return table.toString();
    }

    private void append(StringBuilder table, int row, List<Call> sent) {
        var millis = sent.stream()
                .filter(call -> call.heard() instanceof Heard.Answer)
                .map(call -> TimeUnit.NANOSECONDS.toMillis(call.ended() - call.sent()))
                .sorted()
                .toList();
        table.append("%9s %9d %9d %8d %7d %9s %9s  %s%n"
                .formatted(
                        row * ROW_SECONDS + "-" + (row + 1) * ROW_SECONDS,
                        sent.size(),
                        millis.size(),
                        count(sent, Heard.Refusal.class),
                        count(sent, Heard.Break.class),
                        percentile(50, millis),
                        percentile(95, millis),
                        away(began + row * ROW)));
    }

    private static long count(List<Call> calls, Class<? extends Heard> what) {
        return calls.stream().filter(call -> what.isInstance(call.heard())).count();
    }

    private static String percentile(int percent, List<Long> sorted) {
        return sorted.isEmpty() ? "-" : Long.toString(sorted.get(Math.ceilDiv(sorted.size() * percent, 100) - 1));
    }

    private String away(long from) {
        return outages.stream()
                .filter(outage -> outage.overlaps(from, from + ROW - 1))
                .map(Outages.Outage::toString)
                .collect(Collectors.joining(", "));
    }
}
