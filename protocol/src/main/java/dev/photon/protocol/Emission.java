package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An event that a function wants published. Immutable, but for the data, which is not copied. Nothing of it is trusted
 * before {@link #flaw} found none.
 *
 * @param topic where to
 * @param fields {@code content-type}, {@code kafka-key}, and {@code ce-<name>} for attributes of CloudEvents, with names
 *     in lower case and values as they are, not percent-encoded
 */
public record Emission(String topic, List<Header> fields, byte[] data) {
    /** The most fields, so that a function sees all of them, with ours. */
    public static final int MOST_FIELDS = 50;

    static final String KEY = "kafka-key";

    /** Of attributes that say what is between ingresses and executors: a function's event must not pass for a reply. */
    static final String PLATFORM_PREFIX = "photon";

    /** Not the function's to say, or two runs would not publish the same event. */
    private static final Set<String> OWN = Set.of("specversion", "id", "source", "datacontenttype", "traceparent");

    public Emission {
        fields = List.copyOf(fields);
    }

    /** All that it takes of a record, but for what we add. */
    public long bytes() {
        return data.length
                + fields.stream()
                        .mapToLong(field ->
                                (long) field.name().length() + field.value().getBytes(UTF_8).length)
                        .sum();
    }

    Optional<String> field(String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .map(Header::value)
                .findFirst();
    }

    /** What is wrong with it, in a few words (CloudEvents 1.0.2, sections "Naming conventions" and "Type system"). */
    public Optional<String> flaw() {
        if (fields.size() > MOST_FIELDS) {
            return Optional.of("an event has at most " + MOST_FIELDS + " fields");
        }
        var seen = new HashSet<String>();
        for (var field : fields) {
            if (!seen.add(field.name())) {
                return Optional.of("it has two fields '" + field.name() + "'");
            }
            var flaw = isKnown(field.name())
                    ? flaw(field.name(), field.value())
                    : Optional.of("an event has content-type, kafka-key and ce-<attribute>, in lower case, but no '"
                            + shortened(field.name()) + "'");
            if (flaw.isPresent()) {
                return flaw;
            }
        }
        return Optional.empty();
    }

    private static String shortened(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "…";
    }

    private static boolean isKnown(String name) {
        return name.equals(Headers.CONTENT_TYPE)
                || name.equals(KEY)
                || attribute(name).isPresent();
    }

    /** The name of the attribute that a field is, if it may be told. */
    static Optional<String> attribute(String field) {
        return Optional.of(field)
                .filter(name -> name.startsWith(CloudEventText.FIELD_PREFIX))
                .map(name -> name.substring(CloudEventText.FIELD_PREFIX.length()))
                .filter(name ->
                        EventFields.isAttribute(name) && !OWN.contains(name) && !name.startsWith(PLATFORM_PREFIX));
    }

    /** Whether events of that type are written by ingresses and executors alone. */
    static boolean isPlatforms(String type) {
        return type.startsWith("dev.photon.");
    }

    private static Optional<String> flaw(String name, String value) {
        if (value.isEmpty() || value.length() > EventFields.MAX_VALUE) {
            return Optional.of("%s has 1 to %d characters".formatted(name, EventFields.MAX_VALUE));
        }
        if (value.codePoints().anyMatch(Emission::isForbidden)) {
            return Optional.of(name + " has a control character");
        }
        return switch (name) {
            case "ce-type" ->
                isPlatforms(value) ? Optional.of("types with dev.photon. are the platform's own") : Optional.empty();
            case "ce-time" -> isTime(value) ? Optional.empty() : Optional.of("ce-time is no time of RFC 3339");
            case "ce-dataschema" -> isUri(value) ? Optional.empty() : Optional.of("ce-dataschema is no absolute URI");
            default -> Optional.empty();
        };
    }

    /** Half of a character is none, either. */
    private static boolean isForbidden(int character) {
        return Character.isISOControl(character)
                || (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE);
    }

    private static boolean isTime(String text) {
        try {
            return OffsetDateTime.parse(text).getYear() <= 9_999;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isUri(String text) {
        try {
            return new URI(text).isAbsolute();
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
