package dev.photon.registry;

import dev.photon.protocol.DeployCommand;
import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import java.time.Clock;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides on deployments, against a view that has read everything decided before. Confined to the registry's thread.
 *
 * <pre>
 * command → size → toml → content (inline, or collected and verified) → module check → known version?
 *                                                        same digest: unchanged · other: refused
 *                                                        none: chunks written (or found), then the manifest
 * </pre>
 */
final class Decider {
    private static final Logger LOG = LoggerFactory.getLogger(Decider.class);

    private final RegistryConfig config;
    private final FunctionView view;
    private final ChunkReader uploads;
    private final String uploadTopic;
    private final ChunkWriter artifacts;
    private final Clock clock;

    Decider(
            RegistryConfig config,
            FunctionView view,
            ChunkReader uploads,
            String uploadTopic,
            ChunkWriter artifacts,
            Clock clock) {
        this.config = config;
        this.view = view;
        this.uploads = uploads;
        this.uploadTopic = uploadTopic;
        this.artifacts = artifacts;
        this.clock = clock;
    }

    /** The decision; what it throws says that Kafka is away, and nothing was decided. */
    Deployment decide(DeployCommand command) throws InterruptedException {
        try {
            return accept(command);
        } catch (Refused e) {
            return Deployment.rejected(e);
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            // Whatever a stranger's bytes bring about, the commands behind it must be decided too.
            LOG.atError().setCause(e).log("deployment could not be examined");
            return Deployment.rejected(new Refused(ErrorKind.INTERNAL, "the deployment could not be examined"));
        }
    }

    private Deployment accept(DeployCommand command) throws Refused, InterruptedException {
        var function = FunctionConfig.parse(command.toml());
        if (!command.name().isEmpty() && !command.name().equals(function.name())) {
            throw new Refused(
                    "the record's key is '%s' and photoniq.toml says '%s'".formatted(command.name(), function.name()));
        }
        var module = content(command.content());
        var digest = Digest.of(module);
        var existing = view.version(function.name(), function.version());
        if (existing.isPresent()) {
            if (existing.get().digest().equals(digest)) {
                return Deployment.unchanged(existing.get());
            }
            throw new Refused(
                    ErrorKind.VERSION_EXISTS,
                    "version %s of %s exists with other content: deploy it as a new version"
                            .formatted(function.version(), function.name()));
        }
        check(module, function.limits());
        return Deployment.of(manifest(function, digest, module));
    }

    static void check(byte[] module, Manifest.Limits limits) throws Refused {
        try {
            var initial = GuestModule.read(module).memory().initialPages();
            if (initial > limits.memoryPages()) {
                throw new Refused(
                        "the module starts with %d pages of memory and its limit is %d: raise resource_settings.mem"
                                .formatted(initial, limits.memoryPages()));
            }
        } catch (InvalidModule e) {
            throw new Refused(e.getMessage());
        }
    }

    private byte[] content(DeployCommand.Content content) throws Refused {
        var size = switch (content) {
            case DeployCommand.Content.Inline inline -> inline.bytes().length;
            case DeployCommand.Content.Uploaded upload -> upload.size();
        };
        if (size > config.maxArtifactBytes()) {
            throw new Refused(
                    ErrorKind.TOO_LARGE,
                    "the module has %d bytes and %d are allowed".formatted(size, config.maxArtifactBytes()));
        }
        return switch (content) {
            case DeployCommand.Content.Inline inline -> inline.bytes();
            case DeployCommand.Content.Uploaded upload -> collect(upload);
        };
    }

    private byte[] collect(DeployCommand.Content.Uploaded upload) throws Refused {
        if (upload.chunks() != Chunking.count(upload.size())) {
            throw new Refused("an upload is cut into chunks of " + Chunking.CHUNK_BYTES + " bytes");
        }
        var wanted = new ChunkReader.Wanted(
                upload.size(), upload.digest(), upload.chunks(), index -> Chunking.uploadKey(upload.id(), index));
        return uploads.read(new TopicPartition(uploadTopic, upload.partition()), upload.firstOffset(), wanted)
                .orElseThrow(() -> new Refused("the upload is not complete: upload it again"));
    }

    private Manifest manifest(FunctionConfig function, Digest digest, byte[] module) throws InterruptedException {
        Optional<Manifest> sameContent = view.anyWith(digest);
        var chunks = sameContent.isPresent() ? sameContent.get().chunks() : artifacts.write(digest, module);
        return new Manifest(
                function.name(),
                function.version(),
                function.description(),
                function.lang(),
                digest,
                module.length,
                clock.millis(),
                function.env(),
                function.limits(),
                chunks);
    }
}
