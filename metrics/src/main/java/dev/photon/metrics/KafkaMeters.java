package dev.photon.metrics;

import static java.util.Map.entry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;

/**
 * Of the hundreds of figures that each Kafka client keeps about itself, the few that an operator acts on. Thread-safe.
 *
 * <p>Clients of a process that do the same have one series together: their names, without the random part, are few, and
 * known to the code. What a client has counted stays counted when it is closed.
 */
public final class KafkaMeters {
    private static final Pattern RANDOM_PART = Pattern.compile("-[0-9a-f]{32}$");
    private static final Set<String> OF_A_CLIENT = Set.of("client-id");

    /** How the figures of several clients become one. */
    private enum Fold {
        TOTAL,
        HIGHEST,
        LOWEST
    }

    /** By group and name, as Kafka documents them under "Monitoring". */
    private static final Map<String, Fold> WANTED = Map.ofEntries(
            entry("producer-metrics record-send-total", Fold.TOTAL),
            entry("producer-metrics record-error-total", Fold.TOTAL),
            entry("producer-metrics record-retry-total", Fold.TOTAL),
            entry("producer-metrics outgoing-byte-total", Fold.TOTAL),
            entry("producer-metrics request-latency-avg", Fold.HIGHEST),
            entry("producer-metrics request-latency-max", Fold.HIGHEST),
            entry("producer-metrics record-queue-time-max", Fold.HIGHEST),
            entry("producer-metrics produce-throttle-time-max", Fold.HIGHEST),
            entry("producer-metrics buffer-available-bytes", Fold.LOWEST),
            entry("producer-metrics connection-count", Fold.LOWEST),
            entry("consumer-metrics connection-count", Fold.LOWEST),
            entry("consumer-metrics last-poll-seconds-ago", Fold.HIGHEST),
            entry("consumer-fetch-manager-metrics records-consumed-total", Fold.TOTAL),
            entry("consumer-fetch-manager-metrics bytes-consumed-total", Fold.TOTAL),
            entry("consumer-fetch-manager-metrics records-lag-max", Fold.HIGHEST),
            entry("consumer-fetch-manager-metrics fetch-latency-max", Fold.HIGHEST),
            entry("consumer-fetch-manager-metrics fetch-throttle-time-max", Fold.HIGHEST),
            entry("consumer-coordinator-metrics commit-total", Fold.TOTAL),
            entry("consumer-coordinator-metrics commit-latency-max", Fold.HIGHEST),
            entry("consumer-coordinator-metrics rebalance-total", Fold.TOTAL),
            entry("consumer-coordinator-metrics failed-rebalance-total", Fold.TOTAL),
            entry("consumer-coordinator-metrics last-heartbeat-seconds-ago", Fold.HIGHEST));

    private final MeterRegistry meters;
    private final Map<Key, Series> series = new ConcurrentHashMap<>();

    private record Key(String client, String group, String name) {}

    public KafkaMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    /** What a client is configured with to be measured here. */
    public Map<String, Object> clientSettings() {
        return Map.of("metric.reporters", KafkaReporter.class.getName(), KafkaReporter.METERS, this);
    }

    /** Whether it is one of the few. Those of single topics, partitions and brokers are not. */
    static boolean wants(MetricName name) {
        return WANTED.containsKey(name.group() + " " + name.name())
                && name.tags().keySet().equals(OF_A_CLIENT);
    }

    void add(KafkaMetric metric) {
        series(metric.metricName()).add(metric);
    }

    void remove(KafkaMetric metric) {
        series(metric.metricName()).remove(metric);
    }

    private Series series(MetricName name) {
        var client = RANDOM_PART.matcher(name.tags().get("client-id")).replaceFirst("");
        return series.computeIfAbsent(new Key(client, name.group(), name.name()), key -> register(key, name));
    }

    /** Under the names that Micrometer's own binder gives them. */
    private Series register(Key key, MetricName name) {
        var fold = WANTED.get(key.group() + " " + key.name());
        var made = new Series(fold);
        var meter = "kafka." + (key.group().replace("-metrics", "") + "." + key.name()).replace('-', '.');
        if (fold == Fold.TOTAL) {
            FunctionCounter.builder(meter, made, Series::value)
                    .description(name.description())
                    .tag("client.id", key.client())
                    .register(meters);
        } else {
            Gauge.builder(meter, made, Series::value)
                    .description(name.description())
                    .tag("client.id", key.client())
                    .register(meters);
        }
        return made;
    }

    /** One figure, of all clients of a name. */
    private static final class Series {
        private final Fold fold;
        private final Set<KafkaMetric> metrics = ConcurrentHashMap.newKeySet();
        /** What clients had counted that are closed. */
        private double closed;

        Series(Fold fold) {
            this.fold = fold;
        }

        synchronized void add(KafkaMetric metric) {
            metrics.add(metric);
        }

        synchronized void remove(KafkaMetric metric) {
            if (metrics.remove(metric) && fold == Fold.TOTAL) {
                closed += total(metric);
            }
        }

        /** NaN while no client knows. */
        synchronized double value() {
            return switch (fold) {
                case TOTAL ->
                    closed + metrics.stream().mapToDouble(Series::total).sum();
                case HIGHEST -> known().max().orElse(Double.NaN);
                case LOWEST -> known().min().orElse(Double.NaN);
            };
        }

        private DoubleStream known() {
            return metrics.stream().mapToDouble(Series::figure).filter(Double::isFinite);
        }

        private static double total(KafkaMetric metric) {
            var figure = figure(metric);
            return Double.isFinite(figure) ? figure : 0;
        }

        private static double figure(KafkaMetric metric) {
            return metric.metricValue() instanceof Number number ? number.doubleValue() : Double.NaN;
        }
    }
}
