package dev.photon.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The part of a {@code photoniq.toml} that says in which regions a function runs: {@code [placement]}. */
final class PlacementSettings {
    static final String TABLE = "placement";
    static final Set<String> KEYS = Set.of("regions", "exclude");

    private static final int MOST = 100;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9*_-]{1,64}");

    private PlacementSettings() {}

    static Placement placement(JsonNode root) throws Refused {
        var table = root.path(TABLE);
        if (table.isMissingNode()) {
            return Placement.EVERYWHERE;
        }
        var regions = table.has("regions") ? names(table, "regions") : Placement.EVERYWHERE.regions();
        if (regions.isEmpty()) {
            throw new Refused("placement.regions names no region");
        }
        return new Placement(regions, names(table, "exclude"));
    }

    private static List<String> names(JsonNode table, String key) throws Refused {
        var names = new ArrayList<String>();
        for (var name : table.path(key)) {
            if (!NAME.matcher(name.asText()).matches()) {
                break;
            }
            names.add(name.asText());
        }
        if (names.size() < table.path(key).size()
                || names.size() > MOST
                || !(table.path(key).isArray() || table.path(key).isMissingNode())) {
            throw new Refused(
                    "placement.%s must be an array of at most %d names of regions, such as [\"us-east\", \"eu-*\"]"
                            .formatted(key, MOST));
        }
        return names;
    }
}
