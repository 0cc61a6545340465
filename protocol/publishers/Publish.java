import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Calls a function and prints its answer: bootstrap, entry topic, function, reply topic, text. */
class Publish {
    public static void main(String[] arguments) throws Exception {
        String bootstrap = arguments[0];
        String replyTopic = arguments[3];
        String id = UUID.randomUUID().toString();

        var event = new ProducerRecord<String, String>(arguments[1], arguments[4]);
        event.headers()
                .add("ce_id", id.getBytes(UTF_8))
                .add("ce_photonfunction", arguments[2].getBytes(UTF_8))
                .add("ce_photonreplytopic", replyTopic.getBytes(UTF_8))
                .add("content-type", "text/plain".getBytes(UTF_8));
        Map<String, Object> brokers = Map.of("bootstrap.servers", bootstrap);
        try (var producer = new KafkaProducer<>(brokers, new StringSerializer(), new StringSerializer())) {
            producer.send(event).get();
        }

        // Assigned, and not subscribed: whoever waits for an answer needs no consumer group.
        try (var consumer = new KafkaConsumer<>(brokers, new StringDeserializer(), new StringDeserializer())) {
            var partitions = consumer.partitionsFor(replyTopic).stream()
                    .map(partition -> new TopicPartition(replyTopic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (true) {
                for (var reply : consumer.poll(Duration.ofMillis(200))) {
                    if (id.equals(reply.key())) {
                        var error = reply.headers().lastHeader("ce_photonerror");
                        var said = error == null ? reply.headers().lastHeader("ce_photonstatus") : error;
                        System.out.println(new String(said.value(), UTF_8) + " " + reply.value());
                        return;
                    }
                }
            }
        }
    }
}
