package dev.photon.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A version that is to be deployed.
 *
 * @param module empty for a site without a function
 */
public record Deployment(String name, Optional<Path> module, Optional<SiteFolder> site, String toml) {

    /** Sends it by one of the two ways. */
    private interface Sending {
        /**
         * @param archive of the static files
         */
        JsonNode send(Optional<Path> archive) throws IOException, InterruptedException;
    }

    /** By HTTP: of the static files, those go that the latest version does not have. */
    public JsonNode to(Server server) throws IOException, InterruptedException {
        var deployed = site.isPresent() ? server.assets(name) : Optional.<JsonNode>empty();
        return send(deployed, archive -> server.deploy(module, archive, toml));
    }

    /** By Kafka, whole. */
    JsonNode to(KafkaDeployment kafka) throws IOException, InterruptedException {
        return send(Optional.empty(), archive -> kafka.deploy(module, archive, toml));
    }

    private JsonNode send(Optional<JsonNode> deployed, Sending sending) throws IOException, InterruptedException {
        if (site.isEmpty()) {
            return sending.send(Optional.empty());
        }
        var archive = Files.createTempFile("photon-site", ".zip");
        try {
            var sent = site.get().archive(archive, deployed);
            var answer = sending.send(Optional.of(archive));
            if (answer instanceof ObjectNode told) {
                told.put("files", site.get().files().size()).put("filesSent", sent);
            }
            return answer;
        } finally {
            Files.deleteIfExists(archive);
        }
    }
}
