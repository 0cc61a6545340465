package dev.photon.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.photon.protocol.Digest;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Locale;

/** Reads what a new key shall be: {@code {"label": "ci", "roles": ["deploy"], "hash": "sha256:…"}}. */
final class KeyDescription {
    private static final int MAX_LABEL = 64;
    private static final ObjectMapper JSON = new ObjectMapper();

    private KeyDescription() {}

    static ApiKey parse(String id, byte[] json, long createdAt) throws Refused {
        var root = read(json);
        var label = root.path("label").asText();
        if (label.length() > MAX_LABEL) {
            throw new Refused("a key's label has at most " + MAX_LABEL + " characters");
        }
        var hash = Digest.parse(root.path("hash").asText())
                .orElseThrow(() -> new Refused("a key needs the hash of its text, sha256:<64 hexadecimal digits>"));
        try {
            return new ApiKey(id, label, roles(root.path("roles")), hash, createdAt);
        } catch (IllegalArgumentException e) {
            throw new Refused(e.getMessage());
        }
    }

    private static JsonNode read(byte[] json) throws Refused {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new Refused("the key's description is not JSON");
        }
    }

    private static EnumSet<KeyRole> roles(JsonNode names) throws Refused {
        var roles = EnumSet.noneOf(KeyRole.class);
        for (var name : names) {
            try {
                roles.add(KeyRole.valueOf(name.asText().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new Refused("a role is one of admin, deploy, invoke and read");
            }
        }
        if (roles.isEmpty()) {
            throw new Refused("a key needs roles: an array of admin, deploy, invoke and read");
        }
        return roles;
    }
}
