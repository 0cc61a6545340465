package dev.photon.protocol;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How a region's brokers are reached, and the settings that all our clients share. Every client of ours is made here.
 *
 * @param bootstrap {@code host:port,…}
 * @param reporting what every client gets besides, so that it is measured; nothing where nobody looks
 */
public record KafkaConnection(String bootstrap, KafkaSecurity security, Map<String, Object> reporting) {
    /** What a record may carry, so that a broker's default limit of 1 MB holds with all that comes with it. */
    public static final int RECORD_BYTES = 900_000;

    /** In the clear, and nobody measures the clients. */
    public KafkaConnection(String bootstrap) {
        this(bootstrap, KafkaSecurity.NONE);
    }

    /** Nobody measures the clients. */
    KafkaConnection(String bootstrap, KafkaSecurity security) {
        this(bootstrap, security, Map.of());
    }

    /** The same brokers, with settings by which every client reports what it measures. */
    public KafkaConnection reportingBy(Map<String, Object> settings) {
        return new KafkaConnection(bootstrap, security, Map.copyOf(settings));
    }

    /** An administrator's client that gives up on a call after 10 seconds. */
    public Admin admin() {
        return Admin.create(with(Map.of("default.api.timeout.ms", "10000", "request.timeout.ms", "5000")));
    }

    /**
     * A producer that acknowledges only what all in-sync replicas have and never reorders or duplicates (KIP-98). It
     * waits at most 500 ms for room or metadata, and 10 s for an acknowledgement. A few requests in flight and no
     * lingering let batches grow with the load, not before it.
     */
    public KafkaProducer<byte[], byte[]> producer(String clientId, Map<String, String> settings) {
        var all = with(Map.of(
                "client.id", clientId,
                "acks", "all",
                "enable.idempotence", "true",
                "linger.ms", "0",
                "batch.size", "131072",
                "max.in.flight.requests.per.connection", "2",
                "max.block.ms", "500",
                "request.timeout.ms", "5000",
                "delivery.timeout.ms", "10000"));
        all.putAll(settings);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * A consumer that commits nothing by itself and never moves its position by itself either. One that is in no group
     * is closed at once: it has nobody to take leave of, and Kafka would await the fetch that is on its way.
     */
    public KafkaConsumer<byte[], byte[]> consumer(String clientId, Map<String, String> settings) {
        var all = with(Map.of(
                "client.id", clientId,
                "enable.auto.commit", "false",
                "auto.offset.reset", "none",
                "allow.auto.create.topics", "false",
                "fetch.max.wait.ms", "500"));
        all.putAll(settings);
        return settings.containsKey("group.id")
                ? new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                : new Ungrouped(all);
    }

    private static final class Ungrouped extends KafkaConsumer<byte[], byte[]> {
        private Ungrouped(Properties settings) {
            super(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        @Override
        public void close() {
            close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private Properties with(Map<String, String> settings) {
        var all = new Properties();
        all.putAll(settings);
        all.put("bootstrap.servers", bootstrap);
        all.putAll(security.clientSettings());
        // Our own metrics are Micrometer's; the default JMX reporter registers a bean for each of hundreds.
        all.put("metric.reporters", "");
        all.putAll(reporting);
        all.put("reconnect.backoff.max.ms", "1000");
        return all;
    }

    /**
     * A sentence for the operator, if brokers did not let us in or denied us a right; empty if it was something else.
     */
    public Optional<String> refusal(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SslAuthenticationException) {
                return Optional.of("TLS with Kafka at %s (%s) fails: %s".formatted(bootstrap, security, reason(cause)));
            }
            if (cause instanceof AuthenticationException && !(cause.getCause() instanceof AuthorizationException)) {
                return Optional.of("Kafka at %s (%s) does not let in %s: %s"
                        .formatted(bootstrap, security, security.who(), cause.getMessage()));
            }
            if (cause instanceof AuthorizationException) {
                return Optional.of("Kafka at %s (%s) denies a right to %s: %s"
                        .formatted(bootstrap, security, security.who(), cause.getMessage()));
            }
        }
        return Optional.empty();
    }

    /** Of a handshake Kafka says only that it failed; why, its cause knows. */
    private static String reason(Throwable failure) {
        return failure.getCause() == null
                ? failure.getMessage()
                : failure.getCause().getMessage();
    }

    /** The reason below all reasons, which says most. */
    static String innermost(Throwable failure) {
        var inner = failure;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
    }
}
