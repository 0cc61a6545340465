package dev.photon.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The table {@code [static_assets]} of a {@code photoniq.toml}. Its {@code dir} is for whoever sends the files. */
final class AssetSettings {
    static final Set<String> KEYS = Set.of("dir", "spa", "not_found", "function_first");

    private static final int MAX_PATTERNS = 100;
    private static final Pattern PATTERN = Pattern.compile("/[^*\\p{Cntrl}]{0,512}\\*?");
    private static final Pattern FILE = Pattern.compile("[^/\\p{Cntrl}][^\\p{Cntrl}]{0,512}");

    private AssetSettings() {}

    static Assets.Rules rules(JsonNode table) throws Refused {
        var spa = new TomlTable("static_assets", table).flag("spa", false);
        return new Assets.Rules(spa, notFound(table), functionFirst(table));
    }

    private static String notFound(JsonNode table) throws Refused {
        var file = table.path("not_found");
        if (!file.isMissingNode() && !FILE.matcher(file.asText("")).matches()) {
            throw new Refused("static_assets.not_found must be a file of the site, such as \"404.html\"");
        }
        return file.isMissingNode() ? "" : "/" + file.textValue();
    }

    /** {@code true} for all paths, or a list of them. */
    private static List<String> functionFirst(JsonNode table) throws Refused {
        var first = table.path("function_first");
        if (first.isMissingNode() || first.isBoolean()) {
            return first.asBoolean(false) ? List.of("*") : List.of();
        }
        var patterns = new ArrayList<String>();
        for (var pattern : first) {
            if (!pattern.isTextual() || !PATTERN.matcher(pattern.textValue()).matches()) {
                throw new Refused("static_assets.function_first has an entry that is not a path such as \"/api/*\": "
                        + Refused.shortened(pattern.asText()));
            }
            patterns.add(pattern.textValue());
        }
        if (!first.isArray() || patterns.size() > MAX_PATTERNS) {
            throw new Refused(
                    "static_assets.function_first must be true, or a list of at most " + MAX_PATTERNS + " paths");
        }
        return patterns;
    }
}
