package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a function made of a record, as a CloudEvent in Kafka's binary mode. Stateless, thread-safe. */
public final class OutputCodec {
    /** The type of events that a function gives none. */
    public static final String TYPE = "dev.photon.output";

    /** The attribute that names the record behind an event: {@code <topic>/<partition>/<offset>}. */
    public static final String CAUSE = "ce_photoncause";

    private static final String KEY = "kafka-key";
    private static final String TYPE_FIELD = "ce-type";

    /** Not the function's to say, or two runs of one record would not pass for one event. */
    private static final Set<String> OWN = Set.of("ce-specversion", "ce-id", "ce-source", TYPE_FIELD, "ce-traceparent");

    private OutputCodec() {}

    /**
     * The record of an answer, the same for every run with that answer.
     *
     * @param source what the function ran with; the record goes by its key unless the answer names another
     * @param from whom it is: see {@link EventCodec#from}
     * @param traceparent of the run
     */
    public static ProducerRecord<byte[], byte[]> encode(
            String topic,
            ConsumerRecord<byte[], byte[]> source,
            String from,
            Reply.Answer answer,
            Optional<String> traceparent) {
        var headers = new Headers.Writer()
                .put(Headers.SPEC_VERSION, "1.0")
                .put(Headers.ID, EventCodec.id(source))
                .put(Headers.SOURCE, from)
                .put(
                        Headers.TYPE,
                        field(answer, TYPE_FIELD)
                                .map(CloudEventText::decode)
                                .filter(type -> !type.isEmpty() && !Emission.isPlatforms(type))
                                .orElse(TYPE))
                .put(CAUSE, source.topic() + "/" + source.partition() + "/" + source.offset());
        for (var attribute : attributes(answer)) {
            headers.put(attribute.name(), attribute.value());
        }
        headers.put(Headers.CONTENT_TYPE, field(answer, Headers.CONTENT_TYPE))
                .put(Headers.TRACEPARENT, traceparent)
                .put("traceparent", traceparent);
        var key = field(answer, KEY).map(text -> text.getBytes(UTF_8)).orElse(source.key());
        return new ProducerRecord<>(topic, null, null, key, answer.body(), headers.build());
    }

    private static List<Header> attributes(Reply.Answer answer) {
        var attributes = new ArrayList<Header>();
        for (var field : answer.headers()) {
            if (field.name().startsWith(CloudEventText.FIELD_PREFIX) && !OWN.contains(field.name())) {
                var name = field.name().substring(CloudEventText.FIELD_PREFIX.length());
                if (EventFields.isAttribute(name) && !name.startsWith(Emission.PLATFORM_PREFIX)) {
                    attributes.add(
                            new Header(CloudEventText.RECORD_PREFIX + name, CloudEventText.decode(field.value())));
                }
            }
        }
        return attributes;
    }

    private static Optional<String> field(Reply.Answer answer, String name) {
        return answer.headers().stream()
                .filter(field -> field.name().equals(name))
                .map(Header::value)
                .findFirst();
    }
}
