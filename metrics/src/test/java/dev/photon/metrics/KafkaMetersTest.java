package dev.photon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.KafkaConnection;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

class KafkaMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final KafkaMeters meters = new KafkaMeters(registry);
    /** Where nobody listens: clients are made without a broker. */
    private final KafkaConnection kafka = new KafkaConnection("127.0.0.1:1").reportingBy(meters.clientSettings());

    private static KafkaReporter reporter(KafkaMeters meters) {
        var reporter = new KafkaReporter();
        reporter.configure(meters.clientSettings());
        return reporter;
    }

    private static KafkaMetric metric(String client, String group, String name, double value) {
        var metricName = new MetricName(name, group, "What it is", Map.of("client-id", client));
        return new KafkaMetric(
                new Object(), metricName, (Gauge<Double>) (config, now) -> value, new MetricConfig(), Time.SYSTEM);
    }

    private double value(String name) {
        return registry.get(name).meter().measure().iterator().next().getValue();
    }

    private Set<String> names() {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .map(Meter.Id::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void takesAFewFiguresOfAProducerUnderItsNameWithoutTheRandomPart() {
        try (var producer = kafka.producer("usage-" + InvocationIds.next(), Map.of())) {
            assertThat(producer.metrics()).hasSizeGreaterThan(60);
            assertThat(registry.getMeters()).hasSize(10);
            assertThat(registry.get("kafka.producer.record.send.total")
                            .tag("client.id", "usage")
                            .functionCounter()
                            .count())
                    .isZero();
        }
    }

    @Test
    void takesAFewFiguresOfAGroupsConsumer() {
        var settings = Map.of("group.id", "group");
        try (var consumer = kafka.consumer("reader", settings)) {
            assertThat(consumer.metrics()).hasSizeGreaterThan(60);
            assertThat(names())
                    .contains(
                            "kafka.consumer.fetch.manager.records.consumed.total",
                            "kafka.consumer.coordinator.rebalance.total",
                            "kafka.consumer.last.poll.seconds.ago")
                    .hasSizeLessThan(13);
        }
    }

    @Test
    void addsUpTheTotalsOfClientsOfOneNameAndKeepsThemWhenOneIsClosed() {
        var first = reporter(meters);
        var second = reporter(meters);
        first.metricChange(metric("a", "producer-metrics", "record-send-total", 5));
        second.metricChange(metric("a", "producer-metrics", "record-send-total", 2));
        assertThat(value("kafka.producer.record.send.total")).isEqualTo(7);

        first.close();

        assertThat(value("kafka.producer.record.send.total")).isEqualTo(7);
    }

    @Test
    void takesTheWorstOfWhatCannotBeAddedUpAndKnowsNothingWithoutAClient() {
        var reporter = reporter(meters);
        reporter.metricChange(metric("a", "producer-metrics", "request-latency-max", 5));
        reporter.metricChange(metric("a", "producer-metrics", "request-latency-max", Double.NaN));
        reporter.metricChange(metric("a", "producer-metrics", "request-latency-max", 9));
        reporter.metricChange(metric("a", "producer-metrics", "buffer-available-bytes", 5));
        reporter.metricChange(metric("a", "producer-metrics", "buffer-available-bytes", 9));
        assertThat(value("kafka.producer.request.latency.max")).isEqualTo(9);
        assertThat(value("kafka.producer.buffer.available.bytes")).isEqualTo(5);

        reporter.close();

        assertThat(value("kafka.producer.request.latency.max")).isNaN();
    }

    @Test
    void makesNoMoreSeriesForMoreClients() {
        for (int i = 0; i < 5; i++) {
            kafka.producer("upload-" + InvocationIds.next(), Map.of()).close(Duration.ZERO);
        }

        assertThat(registry.getMeters()).hasSize(10);
    }
}
