package dev.photon.registry;

import java.nio.ByteBuffer;
import java.util.Map;

/**
 * What a {@code photoniq.toml} says about how its function runs, for who works on it before it is deployed.
 *
 * @param description may be empty, as may {@code lang}
 * @param secrets their names, by the variables that get their values
 */
public record FunctionSettings(
        String name,
        String version,
        String description,
        String lang,
        Map<String, String> env,
        Map<String, String> secrets,
        Manifest.Limits limits,
        Manifest.Outbound outbound,
        boolean reuse) {
    public FunctionSettings {
        env = Map.copyOf(env);
        secrets = Map.copyOf(secrets);
    }

    /**
     * Reads it as the registry does.
     *
     * @throws IllegalArgumentException when the registry would refuse it, in its words
     */
    public static FunctionSettings read(String toml) {
        try {
            var config = FunctionConfig.parse(toml);
            return new FunctionSettings(
                    config.name(),
                    config.version(),
                    config.description(),
                    config.lang(),
                    config.env(),
                    config.secrets(),
                    config.limits(),
                    config.outbound(),
                    config.reuse());
        } catch (Refused e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Looks at a module as the registry does when it is deployed with these settings.
     *
     * @param module between the buffer's position and limit
     * @throws IllegalArgumentException when the registry would refuse it, in its words
     */
    public void check(ByteBuffer module) {
        try {
            DeploymentDecider.check(module, lang, limits);
        } catch (Refused e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * @throws IllegalArgumentException when no function can have that name
     */
    public static void requireName(String name) {
        try {
            FunctionConfig.requireName(name);
        } catch (Refused e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
