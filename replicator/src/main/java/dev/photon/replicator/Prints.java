package dev.photon.replicator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Digest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** Digests by which records are compared that are not kept: of all that a reader of a state sees but its key. */
final class Prints {
    private static final int NONE = -1;

    private Prints() {}

    static Digest of(ConsumerRecord<byte[], byte[]> read) {
        return of(read.timestamp(), read.value(), read.headers());
    }

    /** Of one that has a timestamp. */
    static Digest of(ProducerRecord<byte[], byte[]> written) {
        return of(written.timestamp(), written.value(), written.headers());
    }

    private static Digest of(long timestamp, byte[] value, Headers headers) {
        var bytes = new ByteArrayOutputStream();
        try (var all = new DataOutputStream(bytes)) {
            all.writeLong(timestamp);
            write(all, value);
            for (var header : headers) {
                write(all, header.key().getBytes(UTF_8));
                write(all, header.value());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Digest.of(bytes.toByteArray());
    }

    private static void write(DataOutputStream all, byte[] part) throws IOException {
        all.writeInt(part == null ? NONE : part.length);
        if (part != null) {
            all.write(part);
        }
    }
}
