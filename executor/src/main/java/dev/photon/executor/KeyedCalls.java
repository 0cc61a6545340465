package dev.photon.executor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sees to it that of the calls with one key the first is run, and the others get its answer. All of them are on one
 * partition, so that its owner is where they meet; a {@link KeyLane} is what it knows while it owns it. Nothing is read
 * for partitions on which there are no such calls. Thread-safe; no thread waits.
 */
final class KeyedCalls {
    private final KeptAnswers kept;
    private final KeyLane.Tools tools;
    private final Map<Intake.Ownership, KeyLane> lanes = new ConcurrentHashMap<>();

    KeyedCalls(KeyLane.Tools tools) {
        this.kept = tools.kept();
        this.tools = tools;
    }

    /**
     * Runs a call, or has it answered as the first with its key was. On a guest thread.
     *
     * @param partition of its record
     */
    void begin(int partition, Intake.Ownership ownership, Settlement settlement, Runnable run) {
        var lane = lanes.computeIfAbsent(ownership, began -> new KeyLane(tools, partition, kept.follow(partition)));
        lane.arrive(settlement, run);
        if (ownership.isOver()) {
            released(ownership);
        }
    }

    /** The partition is someone else's now. */
    void released(Intake.Ownership ended) {
        var lane = lanes.remove(ended);
        if (lane != null) {
            kept.leave(lane.partition());
        }
    }
}
