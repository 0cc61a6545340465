package dev.photon.cli.autoscale;

import dev.photon.ingress.scaler.Demand;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * How many executors there should be: more at once, fewer when fewer have been enough for a while, and the least when there
 * has been nothing to do. What is not known changes nothing. Confined to its thread.
 */
final class Goal {
    /** So many at most have been enough since then. */
    private record Asked(int executors, long nanos) {}

    /** Another number of executors than before, and why. */
    record Change(int from, int to, String reason) {}

    private final Bounds bounds;
    /** Each less than the one before, so the first is the most that was asked for lately. */
    private final Deque<Asked> lately = new ArrayDeque<>();

    private int wanted;

    Goal(Bounds bounds) {
        this.bounds = bounds;
        this.wanted = bounds.least();
    }

    int wanted() {
        return wanted;
    }

    /**
     * @param nowNanos on {@link System#nanoTime}'s clock
     */
    Optional<Change> after(Demand demand, long nowNanos) {
        return switch (demand) {
            case Demand.Unknown unknown -> Optional.empty();
            case Demand.Known known -> known.active() ? working(known.runs(), nowNanos) : idle();
        };
    }

    private Optional<Change> idle() {
        lately.clear();
        return become(bounds.least(), "there is nothing to do");
    }

    private Optional<Change> working(double runs, long nowNanos) {
        var executors = bounds.executors(runs);
        var since = nowNanos;
        while (!lately.isEmpty() && lately.getLast().executors() < executors) {
            since = lately.removeLast().nanos();
        }
        if (lately.isEmpty() || lately.getLast().executors() > executors) {
            lately.addLast(new Asked(executors, since));
        }
        while (lately.size() > 1
                && nowNanos - second().nanos() >= bounds.settle().toNanos()) {
            lately.removeFirst();
        }
        var most = lately.getFirst().executors();
        if (wanted == 0) {
            return become(most, "work waits");
        }
        return become(most, most > wanted ? "%.1f runs at once are wanted".formatted(runs) : "fewer are enough");
    }

    private Asked second() {
        var asked = lately.iterator();
        asked.next();
        return asked.next();
    }

    private Optional<Change> become(int executors, String reason) {
        if (executors == wanted) {
            return Optional.empty();
        }
        var change = new Change(wanted, executors, reason);
        wanted = executors;
        return Optional.of(change);
    }
}
