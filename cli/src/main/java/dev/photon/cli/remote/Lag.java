package dev.photon.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** How old a region's copy of another one is, for a person. */
final class Lag {
    private Lag() {}

    /**
     * @param copied the other region, as the one with the copy describes it
     */
    static String of(JsonNode copied) {
        var lag = copied.path("lagSeconds");
        if (!lag.isNumber()) {
            return "lag unknown";
        }
        return lag.asDouble() == 0
                ? "current"
                : String.format(
                                Locale.ROOT,
                                "%.0f s behind since %s",
                                lag.asDouble(),
                                copied.path("currentAt").asText(""))
                        .strip();
    }
}
