package dev.photon.executor;

import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** A partition of calls: everything runs as it comes. */
class CallLane extends Lane implements Intake.Ownership {
    private final Intake intake;

    CallLane(OffsetTracker tracker, Optional<OffsetAndMetadata> committed, int window, Intake intake) {
        super(tracker, committed, window);
        this.intake = intake;
    }

    /** Those of a topic. */
    static Lanes lanes(Intake intake, int window) {
        return new Lanes() {
            @Override
            public Lane open(
                    Consumer<byte[], byte[]> consumer, TopicPartition partition, Optional<OffsetAndMetadata> commit) {
                var tracker = commit.map(done -> OffsetTracker.restored(done.offset(), done.metadata()))
                        .orElseGet(() -> OffsetTracker.restored(consumer.position(partition), ""));
                return new CallLane(tracker, commit, window, intake);
            }

            @Override
            public Lane anew(TopicPartition partition, long from) {
                return new CallLane(OffsetTracker.restored(from, ""), Optional.empty(), window, intake);
            }
        };
    }

    @Override
    void take(ConsumerRecord<byte[], byte[]> source) {
        if (begin(source.offset())) {
            run(source);
        }
    }

    final void run(ConsumerRecord<byte[], byte[]> source) {
        intake.accept(source, new LaneWork(this, source.offset()));
    }

    @Override
    void drop() {
        super.drop();
        intake.released(this);
    }

    @Override
    public boolean isOver() {
        return isDropped();
    }

    private record LaneWork(CallLane lane, long offset) implements Intake.Owned {
        @Override
        public Intake.Ownership ownership() {
            return lane;
        }

        @Override
        public void finished() {
            lane.finish(offset);
        }
    }
}
