package dev.photon.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.regex.Pattern;

/** Reads what an alias shall stand for: {@code [{"version": "1.0.0", "weight": 0.9}, …]}. */
final class AliasTargets {
    private static final int MAX_TARGETS = 100;
    private static final double MAX_WEIGHT = 1e9;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private AliasTargets() {}

    /**
     * @throws Refused when name, form or weights are not as they must be; whether the versions exist is not looked at
     */
    static Alias parse(String function, String name, byte[] json) throws Refused {
        if (!NAME.matcher(name).matches() || Versions.isValid(name) || name.equals("latest")) {
            throw new Refused("an alias is 1 to 64 letters, digits, '-', '_' and '.', starts with a letter or a digit,"
                    + " and is neither a version nor 'latest'");
        }
        var root = read(json);
        if (!root.isArray() || root.isEmpty() || root.size() > MAX_TARGETS) {
            throw new Refused(
                    "an alias is given by an array of 1 to %d objects like {\"version\": \"1.0.0\", \"weight\": 1}"
                            .formatted(MAX_TARGETS));
        }
        var targets = new ArrayList<Alias.Target>();
        var versions = new HashSet<String>();
        for (var item : root) {
            var target = target(item);
            if (!versions.add(target.version())) {
                throw new Refused("version '" + target.version() + "' is named twice");
            }
            targets.add(target);
        }
        if (targets.stream().noneMatch(target -> target.weight() > 0)) {
            throw new Refused("all weights are zero: one must be more");
        }
        return new Alias(function, name, targets);
    }

    private static JsonNode read(byte[] json) throws Refused {
        try {
            return JSON.readTree(json);
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw new Refused(
                    "the alias is not JSON, at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr()));
        } catch (IOException e) {
            throw new Refused("the alias is not JSON");
        }
    }

    private static Alias.Target target(JsonNode item) throws Refused {
        var version = item.path("version").asText();
        if (!item.path("version").isTextual() || !Versions.isValid(version)) {
            throw new Refused("every object needs a \"version\" such as \"1.0.0\"");
        }
        var weight = item.path("weight");
        if (!weight.isNumber() || weight.asDouble() < 0 || weight.asDouble() > MAX_WEIGHT) {
            throw new Refused("the weight of version " + version + " must be a number from 0 to a billion");
        }
        return new Alias.Target(version, weight.asDouble());
    }
}
