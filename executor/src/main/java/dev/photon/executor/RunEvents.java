package dev.photon.executor;

import dev.photon.executor.wasm.EventSink;
import dev.photon.executor.wasm.EventSink.Refusal.Kind;
import dev.photon.protocol.Emission;
import dev.photon.protocol.EmissionCodec;
import dev.photon.protocol.EventCodec;
import dev.photon.protocol.KafkaConnection;
import dev.photon.registry.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The events of one run, as far as its function may publish them. Confined to the run's thread. */
public final class RunEvents implements EventSink {
    private final Manifest.Events rule;
    private final RunName name;
    private final String from;
    private final Predicate<String> reserved;
    private final EventPublisher publisher;
    private final List<ProducerRecord<byte[], byte[]>> held = new ArrayList<>();
    private long bytes;

    /**
     * @param reserved topics that are no user's in this region, whatever another region let pass
     */
    public RunEvents(Manifest.Events rule, RunName name, Predicate<String> reserved, EventPublisher publisher) {
        this.rule = rule;
        this.name = name;
        this.from = EventCodec.from(name.region(), name.function());
        this.reserved = reserved;
        this.publisher = publisher;
    }

    @Override
    public Optional<Refusal> emit(Emission event) {
        if (!rule.topics().contains(event.topic())) {
            return refused(Kind.NOT_ALLOWED, "[events] topics of photoniq.toml does not have its topic");
        }
        if (reserved.test(event.topic())) {
            return refused(Kind.NOT_ALLOWED, "its topic is the platform's own in this region");
        }
        if (held.size() == rule.most()) {
            return refused(Kind.TOO_MANY, "the run has made all the %d that it may".formatted(rule.most()));
        }
        var size = event.bytes();
        if (size > KafkaConnection.RECORD_BYTES) {
            return refused(Kind.TOO_LARGE, "it has more than %d bytes".formatted(KafkaConnection.RECORD_BYTES));
        }
        if (bytes + size > rule.bytes()) {
            return refused(Kind.TOO_LARGE, "the run's events would have more than %d bytes".formatted(rule.bytes()));
        }
        bytes += size;
        held.add(EmissionCodec.encode(event, from, name.text(), held.size(), name.traceparent()));
        return Optional.empty();
    }

    private static Optional<Refusal> refused(Kind kind, String reason) {
        return Optional.of(new Refusal(kind, reason));
    }

    @Override
    public void publish() throws InterruptedException {
        if (!held.isEmpty()) {
            publisher.publish(held);
        }
    }
}
