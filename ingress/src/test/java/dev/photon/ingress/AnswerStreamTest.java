package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Piece;
import dev.photon.protocol.PieceCodec;
import dev.photon.protocol.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerStreamTest {
    private static final TopicPartition PARTITION = new TopicPartition("photon.bodies", 0);

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService readers = Executors.newFixedThreadPool(2);
    private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();
    private final ByteArrayOutputStream expected = new ByteArrayOutputStream();
    private final AtomicInteger unwritten = new AtomicInteger();
    private final AtomicInteger readAgain = new AtomicInteger();

    @AfterEach
    void close() {
        readers.shutdownNow();
        vertx.close();
    }

    /** A log that ends with the end of the body "a", and has other things in it. */
    private void write(Random random, int parts) {
        var index = 0;
        long size = 0;
        while (index < parts) {
            switch (random.nextInt(4)) {
                case 0 -> append(new Piece.Part("b", index, new byte[] {1}));
                case 1 -> append(new Piece.Alive("a"));
                default -> {
                    var bytes = new byte[1 + random.nextInt(Piece.MAX_BYTES)];
                    random.nextBytes(bytes);
                    append(new Piece.Part("a", index++, bytes));
                    expected.writeBytes(bytes);
                    size += bytes.length;
                    if (random.nextInt(8) == 0) {
                        log.add(again(log.getLast()));
                    }
                }
            }
        }
        append(new Piece.End("a", index, size, Optional.empty()));
    }

    private void append(Piece piece) {
        var encoded = PieceCodec.encode(PARTITION.topic(), 0, piece);
        log.add(at(log.size(), encoded.key(), encoded.value(), encoded.headers()));
    }

    private ConsumerRecord<byte[], byte[]> again(ConsumerRecord<byte[], byte[]> source) {
        return at(log.size(), source.key(), source.value(), new RecordHeaders());
    }

    private static ConsumerRecord<byte[], byte[]> at(long offset, byte[] key, byte[] value, Headers headers) {
        return new ConsumerRecord<>(
                PARTITION.topic(),
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                key.length,
                value.length,
                key,
                value,
                headers,
                Optional.empty());
    }

    private final class TestingFlow implements AnswerStream.Flow {
        private final boolean roomy;

        TestingFlow(boolean roomy) {
            this.roomy = roomy;
        }

        @Override
        public void read(AnswerStream stream) {
            readers.execute(() -> stream.ended(position(stream)));
        }

        private long position(AnswerStream stream) {
            readAgain.incrementAndGet();
            var offset = stream.from();
            for (; offset < stream.until(); offset++) {
                if (!stream.take(log.get((int) offset))) {
                    return offset;
                }
            }
            return offset;
        }

        @Override
        public void unwritten(int bytes) {
            unwritten.addAndGet(bytes);
        }

        @Override
        public boolean hasRoom() {
            return roomy;
        }

        @Override
        public void closed(AnswerStream stream) {}
    }

    private final class TestingClient implements AnswerStream.Client {
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final List<Promise<Void>> writing = new ArrayList<>();
        private final int atOnce;
        private final AtomicInteger ends = new AtomicInteger();
        private volatile Optional<Reply.Failure> broken = Optional.empty();

        /**
         * @param atOnce of so many writes are one done only when the next comes; of 0 all at once
         */
        TestingClient(int atOnce) {
            this.atOnce = atOnce;
        }

        @Override
        public Future<Void> write(byte[] bytes) {
            received.writeBytes(bytes);
            var written = Promise.<Void>promise();
            writing.add(written);
            vertx.runOnContext(later -> written.tryComplete());
            if (writing.size() > atOnce) {
                writing.forEach(Promise::tryComplete);
                writing.clear();
            }
            return written.future();
        }

        @Override
        public void end() {
            ends.incrementAndGet();
        }

        @Override
        public void broken(Reply.Failure reason) {
            broken = Optional.of(reason);
        }
    }

    private AnswerStream stream(TestingClient client, boolean roomy) {
        var begun = new Reply.Begun(200, List.of(), "a", 0, 0);
        return new AnswerStream(begun, PARTITION, vertx.getOrCreateContext(), client, new TestingFlow(roomy));
    }

    private void pass(AnswerStream stream, ConsumerRecord<byte[], byte[]> source) {
        if (PieceCodec.decode(source) instanceof Decoded.Valid<Piece> valid
                && valid.value().body().equals("a")) {
            stream.passed(valid.value(), source.offset());
        }
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(1));
    }

    @Test
    void aClientGetsEachPieceOnceAndInOrderWhateverPassesItAndWhenever() {
        for (int seed = 0; seed < 150; seed++) {
            var random = new Random(seed);
            log.clear();
            expected.reset();
            write(random, 1 + random.nextInt(60));
            var client = new TestingClient(random.nextInt(4));
            var stream = stream(client, random.nextBoolean());
            var before = random.nextInt(log.size());

            stream.begin(before);
            log.subList(before, log.size()).forEach(source -> pass(stream, source));

            soon().until(() -> client.ends.get() > 0 || client.broken.isPresent());
            assertThat(client.broken).as("seed %d", seed).isEmpty();
            assertThat(client.ends).hasValue(1);
            assertThat(client.received.toByteArray()).isEqualTo(expected.toByteArray());
            soon().until(() -> unwritten.get() == 0);
        }
        assertThat(readAgain).hasPositiveValue();
    }

    @Test
    void aMissingPieceBreaksTheAnswerOff() {
        append(new Piece.Part("a", 0, new byte[] {1}));
        append(new Piece.Part("a", 2, new byte[] {1}));
        var client = new TestingClient(0);
        var stream = stream(client, true);

        stream.begin(2);

        soon().until(() -> client.broken.isPresent());
        assertThat(client.broken.orElseThrow().message()).contains("missing");
    }

    @Test
    void anEndThatCountsOtherBytesBreaksTheAnswerOff() {
        append(new Piece.Part("a", 0, new byte[] {1}));
        append(new Piece.End("a", 1, 2, Optional.empty()));
        var client = new TestingClient(0);
        var stream = stream(client, true);

        stream.begin(2);

        soon().until(() -> client.broken.isPresent());
        assertThat(client.ends).hasValue(0);
    }

    @Test
    void aFailureIsToldAfterWhatCameBefore() {
        var failure = new Reply.Failure(ErrorKind.TIMEOUT, "too slow");
        append(new Piece.Part("a", 0, new byte[] {1, 2, 3}));
        append(new Piece.End("a", 1, 3, Optional.of(failure)));
        var client = new TestingClient(0);
        var stream = stream(client, true);

        stream.begin(2);

        soon().until(() -> client.broken.isPresent());
        assertThat(client.broken).contains(failure);
        assertThat(client.received.size()).isEqualTo(3);
    }

    @Test
    void silenceBreaksTheAnswerOffAndASignOfLifeDoesNot() {
        append(new Piece.Part("a", 0, new byte[] {1}));
        append(new Piece.Alive("a"));
        var client = new TestingClient(0);
        var stream = stream(client, true);
        stream.begin(1);
        soon().until(() -> client.received.size() == 1);
        pass(stream, log.get(1));

        stream.look(System.nanoTime() + Duration.ofSeconds(10).toNanos());
        assertThat(client.broken).isEmpty();
        soon().untilAsserted(() -> {
            stream.look(System.nanoTime() + Duration.ofSeconds(30).toNanos());
            assertThat(client.broken).isPresent();
        });
    }
}
