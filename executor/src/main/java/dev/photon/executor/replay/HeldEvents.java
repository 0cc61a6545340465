package dev.photon.executor.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Takes the events that a run would publish, and keeps their number and digest. Confined to the thread of the run. */
final class HeldEvents implements Consumer<List<ProducerRecord<byte[], byte[]>>> {
    private static final byte[] NOTHING = {};

    private final MessageDigest digest = AnswerDigest.sha256();
    private int count;

    @Override
    public void accept(List<ProducerRecord<byte[], byte[]>> events) {
        for (var event : events) {
            count++;
            add(event.topic().getBytes(UTF_8));
            add(event.key());
            add(event.value());
            event.headers().forEach(header -> {
                add(header.key().getBytes(UTF_8));
                add(header.value());
            });
        }
    }

    /** With its length, so that nothing passes for the end of something else. */
    private void add(byte[] part) {
        var bytes = part == null ? NOTHING : part;
        digest.update(ByteBuffer.allocate(Integer.BYTES)
                .putInt(part == null ? -1 : bytes.length)
                .flip());
        digest.update(bytes);
    }

    int count() {
        return count;
    }

    /** Of all of them; only once. */
    Digest sum() {
        return AnswerDigest.sum(digest);
    }
}
