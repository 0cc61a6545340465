package dev.photon.executor;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.Replay;
import dev.photon.protocol.ReplayCodec;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Begins replays, each at most once: one whose executor died is told to have failed, and not begun again. Thread-safe. */
final class ReplayIntake implements TriggerIntake {
    private final Replays replays;
    private final Malformed malformed;

    ReplayIntake(Replays replays, Malformed malformed) {
        this.replays = replays;
        this.malformed = malformed;
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> source, Taken taken) {
        if (!taken.begin()) {
            // The next owner of the partition begins it.
            return;
        }
        switch (ReplayCodec.decode(source)) {
            case Decoded.Malformed<Replay> odd -> {
                malformed.skipped(source, odd.reason());
                taken.finished();
            }
            case Decoded.Valid<Replay> valid -> accept(valid.value(), taken);
        }
    }

    private void accept(Replay wish, Taken taken) {
        if (taken.redelivered()) {
            replays.lost(wish, taken::finished);
        } else {
            replays.begin(wish, taken::finished);
        }
    }

    @Override
    public boolean isFree(ConsumerRecord<byte[], byte[]> source) {
        return true;
    }
}
