package dev.photon.benchmarks;

import dev.photon.protocol.KafkaConnection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Two hops over the log with nothing but Kafka's clients, set as the product sets them, and as many threads as it has
 * for that: what the way over Kafka costs without HTTP, codec and function.
 *
 * <pre>
 *  caller ──produce──► requests (8 partitions) ──consume──► echo ──produce──► replies (1) ──consume──► caller
 * </pre>
 *
 * The caller keeps a fixed number in flight: each reply that it reads sends the next request.
 */
public final class KafkaEcho implements AutoCloseable {
    private static final String REQUESTS = "echo.requests";
    private static final String REPLIES = "echo.replies";
    private static final int PARTITIONS = 8;
    private static final Duration POLL = Duration.ofMillis(200);

    private final Producer<byte[], byte[]> requests;
    private final Consumer<byte[], byte[]> replies;

    private KafkaEcho(KafkaConnection kafka) {
        requests = kafka.producer("caller", Map.of());
        replies = reader(kafka, REPLIES, 1);
    }

    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        var pace = Pace.of(arguments);
        var kafka = new KafkaConnection(arguments[2]);
        try (var admin = kafka.admin()) {
            admin.createTopics(
                            List.of(new NewTopic(REQUESTS, PARTITIONS, (short) 1), new NewTopic(REPLIES, 1, (short) 1)))
                    .all()
                    .get();
        }
        var hop = reader(kafka, REQUESTS, PARTITIONS);
        var echo = Thread.ofPlatform().name("echo").start(() -> echo(kafka, hop));
        try (var caller = new KafkaEcho(kafka)) {
            caller.level(Pace.WARM_UP_LEVEL, 0, pace.warmUp());
            for (var inFlight : Pace.LEVELS) {
                System.out.println(
                        caller.level(inFlight, Pace.SETTLE, pace.measured()).line());
            }
        } finally {
            hop.wakeup();
            echo.join();
        }
    }

    private static Consumer<byte[], byte[]> reader(KafkaConnection kafka, String topic, int partitions) {
        var all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        var reader = kafka.consumer(topic, Map.of());
        reader.assign(all);
        reader.seekToEnd(all);
        all.forEach(reader::position);
        return reader;
    }

    private static void echo(KafkaConnection kafka, Consumer<byte[], byte[]> hop) {
        try (hop;
                var back = kafka.producer("echo", Map.of())) {
            while (true) {
                for (var request : hop.poll(POLL)) {
                    back.send(new ProducerRecord<>(REPLIES, request.value()));
                }
            }
        } catch (WakeupException over) {
            // The caller has measured all it wanted.
        }
    }

    private Level level(int inFlight, int settle, int measured) {
        for (int i = 0; i < inFlight; i++) {
            request();
        }
        exchange(settle);
        var began = System.nanoTime();
        var samples = exchange(measured);
        var level = samples.level(inFlight, System.nanoTime() - began);
        for (int left = inFlight; left > 0; ) {
            left -= replies.poll(POLL).count();
        }
        return level;
    }

    private Samples exchange(int seconds) {
        var samples = new Samples();
        var until = System.nanoTime() + Pace.nanos(seconds);
        while (System.nanoTime() < until) {
            for (var reply : replies.poll(POLL)) {
                samples.add(System.nanoTime() - sentAt(reply));
                request();
            }
        }
        return samples;
    }

    /** The body begins with the time at which it was sent; both ends are in one process, on one clock. */
    private void request() {
        var body = EchoGuest.body();
        ByteBuffer.wrap(body).putLong(System.nanoTime());
        requests.send(new ProducerRecord<>(REQUESTS, body));
    }

    private static long sentAt(ConsumerRecord<byte[], byte[]> reply) {
        return ByteBuffer.wrap(reply.value()).getLong();
    }

    @Override
    public void close() {
        requests.close();
        replies.close();
    }
}
