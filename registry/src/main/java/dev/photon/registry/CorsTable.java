package dev.photon.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The table {@code [cors]} of a {@code photoniq.toml}. */
final class CorsTable {
    static final String NAME = "cors";
    static final Set<String> KEYS = Set.of(
            "allowed_origins",
            "allowed_methods",
            "allowed_headers",
            "exposed_headers",
            "allow_credentials",
            "max_age_seconds");

    private static final int DAY = 86_400;
    private static final int MAX_AGE = 600;
    private static final Pattern ORIGIN = Pattern.compile(
            "\\*|https?://(?:\\*\\.)?[a-z0-9.-]{1,253}(?::\\d{1,5})?|https?://\\[[0-9a-f:]+](?::\\d{1,5})?");

    /** RFC 9110, section 5.6.2. */
    private static final Pattern FIELD = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");

    private CorsTable() {}

    static Optional<CorsRules> rules(JsonNode root) throws Refused {
        if (!root.has(NAME)) {
            return Optional.empty();
        }
        var table = TomlTable.of(root, NAME);
        var rules = new CorsRules(
                table.texts("allowed_origins", ORIGIN),
                new TreeSet<>(table.texts("allowed_methods", RunSettings.METHOD)),
                table.texts("allowed_headers", FIELD),
                table.texts("exposed_headers", FIELD),
                table.flag("allow_credentials", false),
                table.number("max_age_seconds", MAX_AGE, 0, DAY));
        if (rules.origins().isEmpty()) {
            throw new Refused("cors.allowed_origins must name an origin, such as \"https://app.example.com\"");
        }
        if (rules.credentials() && rules.usesStar()) {
            throw new Refused("cors: browsers take no \"*\" where allow_credentials is true");
        }
        return Optional.of(rules);
    }
}
