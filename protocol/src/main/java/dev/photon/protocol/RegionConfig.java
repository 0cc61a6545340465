package dev.photon.protocol;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What every role of a region has in common.
 *
 * @param name of the region
 * @param url where its functions are called, as the other regions know it; empty when this is the only one
 * @param plan its topics
 * @param others the other regions, in the order they were named; none when this is the only one
 * @param mirror who copies their topics here
 * @param measuredVersions versions of functions that are measured each by itself in a process, 1 to 100,000
 */
public record RegionConfig(
        String name,
        Optional<URI> url,
        KafkaConnection kafka,
        TopicPlan plan,
        List<Region> others,
        Mirror mirror,
        int measuredVersions) {
    private static final Set<String> OWN_KEYS = Set.of(
            "PHOTON_REGION",
            Regions.KEY,
            Mirror.KEY,
            "PHOTON_BOOTSTRAP",
            "PHOTON_TOPIC_PREFIX",
            "PHOTON_PARTITIONS",
            "PHOTON_REPLICATION",
            "PHOTON_POOLS",
            "PHOTON_ENTRIES",
            "PHOTON_RESULTS_HOURS",
            "PHOTON_METRICS_FUNCTIONS");

    public static final Set<String> KEYS =
            Stream.of(OWN_KEYS, KafkaSecurity.KEYS).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());

    public static RegionConfig read(Settings settings) {
        var topics = new Topics(settings.text("PHOTON_TOPIC_PREFIX", Topics.DEFAULT_PREFIX));
        var name = settings.text("PHOTON_REGION", "local");
        var kafka =
                new KafkaConnection(settings.text("PHOTON_BOOTSTRAP", "localhost:9092"), KafkaSecurity.read(settings));
        var regions = Regions.read(settings, name, kafka.security());
        var others = regions.others();
        var plan = new TopicPlan(
                topics,
                settings.integer("PHOTON_PARTITIONS", 8, 1, 10_000),
                (short) settings.integer("PHOTON_REPLICATION", 1, 1, 100),
                settings.names("PHOTON_POOLS"),
                settings.names("PHOTON_ENTRIES"),
                others.stream().map(Region::name).toList(),
                settings.integer("PHOTON_RESULTS_HOURS", TopicPlan.DEFAULT_RESULT_HOURS, 1, 24 * 30));
        return new RegionConfig(
                name,
                regions.url(),
                kafka,
                plan,
                others,
                settings.parsed(Mirror.KEY, Mirror.REPLICATOR, Mirror::named),
                settings.integer("PHOTON_METRICS_FUNCTIONS", 200, 1, 100_000));
    }

    /** All settings that are read, those included that the names of regions make. */
    public static Set<String> keys(Settings settings) {
        return Stream.of(KEYS, Regions.keys(settings)).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
    }

    /** The same region, whose clients are measured. */
    public RegionConfig reportingBy(Map<String, Object> clientSettings) {
        var measured = others.stream()
                .map(other -> new Region(other.name(), other.kafka().reportingBy(clientSettings), other.url()))
                .toList();
        return new RegionConfig(name, url, kafka.reportingBy(clientSettings), plan, measured, mirror, measuredVersions);
    }

    public Topics topics() {
        return plan.topics();
    }
}
