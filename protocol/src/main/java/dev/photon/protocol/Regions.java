package dev.photon.protocol;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads which regions there are: {@code name host:port,… http://host[:port]}, with semicolons between them. All regions
 * are given the same text, which names each of them.
 *
 * <p>Brokers of another region are spoken to as our own, unless settings that end in its name say how: for
 * {@code us-east} that is {@code PHOTON_KAFKA_PROTOCOL_US_EAST} and so on.
 */
final class Regions {
    static final String KEY = "PHOTON_REGIONS";

    private Regions() {}

    /**
     * What the text says.
     *
     * @param url of our own region; empty when there is no text
     * @param others in the order they are named
     */
    record Named(Optional<URI> url, List<Region> others) {}

    /**
     * All regions, as seen from ours.
     *
     * @param own our region's name
     * @param security how our own brokers are spoken to
     */
    static Named read(Settings settings, String own, KafkaSecurity security) {
        var named = settings.list(KEY, ";", text -> parse(text, security));
        var names = new HashSet<String>();
        var suffixes = new HashSet<String>();
        for (var region : named) {
            if (!names.add(region.name()) || !suffixes.add(suffix(region.name()))) {
                settings.refuse("%s names '%s' twice, or as like another that their settings cannot be told apart"
                        .formatted(KEY, region.name()));
            }
        }
        if (!named.isEmpty() && !names.contains(own)) {
            settings.refuse("%s does not name '%s', which is PHOTON_REGION".formatted(KEY, own));
        }
        var url = Optional.<URI>empty();
        var others = new ArrayList<Region>();
        for (var region : named) {
            if (region.name().equals(own)) {
                url = Optional.of(region.url());
            } else {
                others.add(secured(settings, region));
            }
        }
        return new Named(url, List.copyOf(others));
    }

    /** The settings that say how brokers of the regions are spoken to. */
    static Set<String> keys(Settings settings) {
        var keys = new TreeSet<String>();
        for (var text : settings.text(KEY, "").split(";", -1)) {
            var name = text.strip().split("\\s+", 2)[0];
            KafkaSecurity.KEYS.forEach(key -> keys.add(key + suffix(name)));
        }
        return keys;
    }

    private static Region parse(String text, KafkaSecurity security) {
        var words = text.split("\\s+", -1);
        if (words.length != 3 || !Settings.isName(words[0])) {
            throw new IllegalArgumentException("a region is 'name host:port,… http://host', with spaces between");
        }
        return new Region(words[0], new KafkaConnection(words[1], security), url(words[2]));
    }

    private static URI url(String text) {
        var url = URI.create(text);
        var http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null || !url.getRawPath().isEmpty() || url.getRawQuery() != null) {
            throw new IllegalArgumentException("the last is a URL with http or https and a host, and no path");
        }
        return url;
    }

    private static Region secured(Settings settings, Region region) {
        var suffix = suffix(region.name());
        var own = KafkaSecurity.KEYS.stream()
                .anyMatch(key -> !settings.text(key + suffix, "").isEmpty());
        if (!own) {
            return region;
        }
        var kafka = new KafkaConnection(region.kafka().bootstrap(), KafkaSecurity.read(settings, suffix));
        return new Region(region.name(), kafka, region.url());
    }

    private static String suffix(String region) {
        return "_" + region.replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
