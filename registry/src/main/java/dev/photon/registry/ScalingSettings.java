package dev.photon.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;

/** The part of a {@code photoniq.toml} that says how much of a function there is: {@code [scaling]}. */
final class ScalingSettings {
    static final String TABLE = "scaling";
    static final Set<String> KEYS = Set.of("min", "max", "target_concurrency", "idle_seconds", "pool");

    private static final Manifest.Scaling DEFAULT = Manifest.Scaling.DEFAULT;

    private ScalingSettings() {}

    static Manifest.Scaling scaling(JsonNode root) throws Refused {
        var table = TomlTable.of(root, TABLE);
        var min = table.number("min", DEFAULT.min(), 0, Manifest.Scaling.MOST_MIN);
        var max = table.number("max", DEFAULT.max(), 1, Manifest.Scaling.MOST);
        if (min > max) {
            throw new Refused(
                    "scaling.min is %d and must not be more than scaling.max, which is %d".formatted(min, max));
        }
        var target = table.number("target_concurrency", DEFAULT.targetConcurrency(), 1, Manifest.Scaling.MOST);
        var idle = table.has("idle_seconds")
                ? Optional.of(table.number("idle_seconds", 1, 1, Manifest.Scaling.LONGEST_IDLE))
                : Optional.<Integer>empty();
        return new Manifest.Scaling(min, max, target, idle, table.text("pool", DEFAULT.pool()));
    }
}
