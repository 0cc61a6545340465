package dev.photon.executor;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** A partition of an entry topic: as one of calls, but that it waits, too, when its publishers are over their rate. */
final class EntryLane extends CallLane {
    private final EntryLanes all;
    private boolean paused;

    EntryLane(OffsetTracker tracker, Optional<OffsetAndMetadata> committed, int window, Intake intake, EntryLanes all) {
        super(tracker, committed, window, intake);
        this.all = all;
    }

    @Override
    void take(ConsumerRecord<byte[], byte[]> source) {
        all.rate().took();
        super.take(source);
    }

    @Override
    synchronized boolean full() {
        var full = super.full() || all.rate().isSpent();
        if (full) {
            pause(true);
        }
        return full;
    }

    @Override
    synchronized boolean roomy() {
        var roomy = super.roomy() && !all.rate().isSpent();
        if (roomy) {
            pause(false);
        }
        return roomy;
    }

    private void pause(boolean wanted) {
        if (paused != wanted) {
            paused = wanted;
            all.meters().paused(wanted ? 1 : -1);
        }
    }

    @Override
    void drop() {
        super.drop();
        synchronized (this) {
            pause(false);
        }
        all.dropped();
    }
}
