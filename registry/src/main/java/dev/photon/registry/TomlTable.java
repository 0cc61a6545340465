package dev.photon.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A table of a {@code photoniq.toml}, and how what stands in it is refused.
 *
 * @param name as people know it
 */
record TomlTable(String name, JsonNode node) {
    private static final int MAX_LISTED = 100;

    static TomlTable of(JsonNode root, String name) {
        return new TomlTable(name, root.path(name));
    }

    boolean has(String key) {
        return node.has(key);
    }

    boolean flag(String key, boolean byDefault) throws Refused {
        var value = node.path(key);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw new Refused("%s.%s must be true or false".formatted(name, key));
        }
        return value.asBoolean(byDefault);
    }

    int number(String key, int byDefault, int min, int max) throws Refused {
        var value = node.path(key);
        if (value.isMissingNode()) {
            return byDefault;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            throw new Refused("%s.%s must be a whole number from %d to %d".formatted(name, key, min, max));
        }
        return value.intValue();
    }

    String text(String key, String byDefault) throws Refused {
        var value = node.path(key);
        if (!value.isMissingNode() && !value.isTextual()) {
            throw new Refused("%s.%s must be a text".formatted(name, key));
        }
        return value.asText(byDefault);
    }

    int bytes(String key, int byDefault, int min, int max) throws Refused {
        var value = node.path(key);
        if (value.isMissingNode()) {
            return byDefault;
        }
        return Quantity.bytes(value.asText())
                .filter(bytes -> bytes >= min && bytes <= max)
                .orElseThrow(() -> new Refused("%s.%s must be a quantity such as \"64Ki\", from %d to %d bytes"
                        .formatted(name, key, min, max)))
                .intValue();
    }

    /** A list of at most 100 texts, each of which matches; empty when it is not there. */
    List<String> texts(String key, Pattern pattern) throws Refused {
        var value = node.path(key);
        if (value.isMissingNode()) {
            return List.of();
        }
        var texts = new ArrayList<String>();
        for (var text : value) {
            if (!text.isTextual() || !pattern.matcher(text.textValue()).matches()) {
                throw new Refused("%s.%s has an entry that is not allowed: %s"
                        .formatted(name, key, Refused.shortened(text.asText())));
            }
            texts.add(text.textValue());
        }
        if (!value.isArray() || texts.size() > MAX_LISTED) {
            throw new Refused("%s.%s must be a list of at most %d texts".formatted(name, key, MAX_LISTED));
        }
        return texts;
    }
}
