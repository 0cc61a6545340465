package dev.photon.cli.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;

/** A build that is served while its sources are worked on: a pre-release of the version that it will be. */
record DevelopmentVersion(String core, int build) {
    private static final TomlMapper TOML = new TomlMapper();

    /**
     * @param version of {@code photoniq.toml}, a semantic version
     * @param build counts up from 1
     */
    static DevelopmentVersion of(String version, int build) {
        return new DevelopmentVersion(version.split("\\+", 2)[0], build);
    }

    /** {@code 1.0.0-dev.2}, and {@code 1.0.0-rc.1.dev.2} for what is a pre-release already. */
    String text() {
        return core + (core.indexOf('-') < 0 ? "-" : ".") + "dev." + build;
    }

    /** The same settings under this version. */
    String in(String toml) throws JsonProcessingException {
        var settings = (ObjectNode) TOML.readTree(toml);
        return TOML.writeValueAsString(settings.put("version", text()));
    }
}
