package dev.photon.cli.local;

import dev.photon.registry.FunctionSettings;
import java.util.Map;
import java.util.TreeMap;

/** Secrets of functions that run here: no region keeps them, so they are taken from this command's environment. */
final class LocalSecrets {
    private LocalSecrets() {}

    /**
     * The values, by the variables that get them.
     *
     * @throws IllegalArgumentException when one is missing
     */
    static Map<String, String> of(FunctionSettings settings) {
        var values = new TreeMap<String, String>();
        for (var variable : settings.secrets().keySet()) {
            var value = System.getenv(variable);
            if (value == null) {
                throw new IllegalArgumentException(
                        "%1$s is a secret: set %1$s in the environment of this command".formatted(variable));
            }
            values.put(variable, value);
        }
        return values;
    }
}
