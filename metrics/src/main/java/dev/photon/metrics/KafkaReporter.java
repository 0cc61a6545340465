package dev.photon.metrics;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;

/** Tells {@link KafkaMeters} what one client measures. Kafka makes one for each client, and closes it with that. */
public final class KafkaReporter implements MetricsReporter {
    /** The setting that has the {@link KafkaMeters}. */
    static final String METERS = "photon.meters";

    private final Set<KafkaMetric> told = ConcurrentHashMap.newKeySet();
    private Optional<KafkaMeters> meters = Optional.empty();

    @Override
    public void configure(Map<String, ?> settings) {
        if (settings.get(METERS) instanceof KafkaMeters given) {
            meters = Optional.of(given);
        }
    }

    @Override
    public void init(List<KafkaMetric> metrics) {
        metrics.forEach(this::metricChange);
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        if (KafkaMeters.wants(metric.metricName()) && told.add(metric)) {
            meters.ifPresent(there -> there.add(metric));
        }
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {
        if (told.remove(metric)) {
            meters.ifPresent(there -> there.remove(metric));
        }
    }

    @Override
    public void close() {
        List.copyOf(told).forEach(this::metricRemoval);
    }
}
