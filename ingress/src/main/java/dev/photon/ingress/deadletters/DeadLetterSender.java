package dev.photon.ingress.deadletters;

import dev.photon.protocol.DeadLetter;
import dev.photon.protocol.DeadLetterCodec;
import dev.photon.protocol.RegionConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends dead letters to be tried again, and tombstones for those that are dropped. A letter that is sent to be tried again
 * stays where it is: the executor takes it off when it has run well. Thread-safe.
 */
public final class DeadLetterSender implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final RegionConfig region;
    private final KafkaProducer<byte[], byte[]> producer;

    public DeadLetterSender(RegionConfig region, String instance) {
        this.region = region;
        this.producer = region.kafka().producer("dead-letters-" + instance, Map.of("max.block.ms", "5000"));
    }

    /**
     * Gives whole letters to their functions again. Blocks until Kafka has all of them.
     *
     * @throws KafkaException when Kafka did not take all of them; some it may have taken
     */
    public void redrive(List<DeadLetter> letters) throws InterruptedException {
        var topic = region.topics().redrives();
        send(letters.stream()
                .map(letter -> DeadLetterCodec.encode(topic, letter))
                .toList());
    }

    /**
     * Takes one off. Blocks until Kafka has it.
     *
     * @param partition in which it lies
     * @throws KafkaException when Kafka did not take it
     */
    public void drop(DeadLetter.Id id, TopicPartition partition) throws InterruptedException {
        send(List.of(tombstone(id, partition)));
    }

    /**
     * Takes them off. Blocks until Kafka has all of it.
     *
     * @throws KafkaException when Kafka did not take all of it; some it may have taken
     */
    public void drop(List<Summary> letters) throws InterruptedException {
        send(letters.stream()
                .map(letter -> tombstone(letter.id(), letter.partition()))
                .toList());
    }

    /** Where it lies, which is another place than the key's own when the topic was given more partitions. */
    private static ProducerRecord<byte[], byte[]> tombstone(DeadLetter.Id id, TopicPartition partition) {
        var tombstone = DeadLetterCodec.tombstone(partition.topic(), id);
        return new ProducerRecord<>(partition.topic(), partition.partition(), tombstone.key(), null);
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) throws InterruptedException {
        var sent = new ArrayList<Future<RecordMetadata>>();
        for (var record : records) {
            sent.add(producer.send(record));
        }
        for (var acknowledgement : sent) {
            await(acknowledgement);
        }
    }

    private static void await(Future<RecordMetadata> acknowledgement) throws InterruptedException {
        try {
            acknowledgement.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close(GRACE);
    }
}
