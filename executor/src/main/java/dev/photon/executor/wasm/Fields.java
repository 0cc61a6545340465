package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The header fields of a message, in their order. Names are taken in any case and given in lower case. */
final class Fields {
    private static final int MAX_FIELDS = 100;
    private static final int MAX_BYTES = 64 * 1024;
    /** Colon, space and line break. */
    private static final int SEPARATORS = 4;

    private final List<Header> fields;

    Fields(List<Header> first) {
        fields = new ArrayList<>(first);
    }

    /** Each once. */
    List<String> names() {
        return fields.stream().map(Header::name).distinct().toList();
    }

    List<String> values(String name) {
        var wanted = name.toLowerCase(Locale.ROOT);
        var values = new ArrayList<String>(1);
        for (var field : fields) {
            if (field.name().equals(wanted)) {
                values.add(field.value());
            }
        }
        return values;
    }

    /**
     * @throws BadCall when there are too many fields, or it cannot be one
     */
    void add(String name, String value) {
        if (!FieldRules.isToken(name)) {
            throw new BadCall("the name is not one of a header field");
        }
        if (!FieldRules.isValue(value)) {
            throw new BadCall("the value has a control character");
        }
        if (fields.size() >= MAX_FIELDS) {
            throw new BadCall("there would be more than " + MAX_FIELDS + " fields");
        }
        fields.add(new Header(name.toLowerCase(Locale.ROOT), value));
        if (bytes() > MAX_BYTES) {
            throw new BadCall("the fields would be larger than 64 KiB");
        }
    }

    void set(String name, String value) {
        remove(name);
        add(name, value);
    }

    void remove(String name) {
        var unwanted = name.toLowerCase(Locale.ROOT);
        fields.removeIf(field -> field.name().equals(unwanted));
    }

    /** As they stand in a message of HTTP/1.1. */
    int bytes() {
        var bytes = 0;
        for (var field : fields) {
            bytes += field.name().length() + field.value().getBytes(UTF_8).length + SEPARATORS;
        }
        return bytes;
    }

    /** Without those that are not for the function to say. */
    List<Header> passedOn() {
        return fields.stream()
                .filter(field -> FieldRules.isPassedOn(field.name()))
                .toList();
    }
}
