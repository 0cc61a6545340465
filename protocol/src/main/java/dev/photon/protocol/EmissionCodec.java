package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a function publishes of its own accord, as a CloudEvent in Kafka's binary mode. Stateless, thread-safe. */
public final class EmissionCodec {
    /** The type of events that a function gives none. */
    public static final String TYPE = "dev.photon.event";

    /** The attribute that names the invocation which published an event. */
    public static final String INVOCATION = "ce_photoninvocation";

    private EmissionCodec() {}

    /**
     * The record of an event without a {@link Emission#flaw}, the same for every run that emits it as its so-many-th.
     *
     * @param from whom it is: see {@link EventCodec#from}
     * @param invocation the id of the run's invocation
     * @param index of the event in the run, from 0
     * @param traceparent of the run
     */
    public static ProducerRecord<byte[], byte[]> encode(
            Emission event, String from, String invocation, int index, Optional<String> traceparent) {
        var headers = new Headers.Writer()
                .put(Headers.SPEC_VERSION, "1.0")
                .put(Headers.ID, invocation + "." + index)
                .put(Headers.SOURCE, from)
                .put(Headers.TYPE, event.field("ce-type").orElse(TYPE))
                .put(INVOCATION, invocation);
        for (var field : event.fields()) {
            Emission.attribute(field.name())
                    .filter(name -> !name.equals("type"))
                    .ifPresent(name -> headers.put(CloudEventText.RECORD_PREFIX + name, field.value()));
        }
        headers.put(Headers.CONTENT_TYPE, event.field(Headers.CONTENT_TYPE))
                .put(Headers.TRACEPARENT, traceparent)
                .put("traceparent", traceparent);
        var key = event.field(Emission.KEY).map(text -> text.getBytes(UTF_8)).orElse(null);
        return new ProducerRecord<>(event.topic(), null, null, key, event.data(), headers.build());
    }
}
