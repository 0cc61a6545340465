package dev.photon.registry;

import dev.photon.protocol.Command;
import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides on commands, against a view that has read everything decided before. Confined to the registry's thread.
 *
 * <pre>
 * command → size → toml → content (inline, or collected and verified) → known version?
 *                                          same digest: unchanged · other: refused
 *                                          none: module check, chunks (found or written), then the manifest
 * </pre>
 */
final class Decider {
    private static final Logger LOG = LoggerFactory.getLogger(Decider.class);

    private static final int MAX_ALIASES = 100;
    private static final int MAX_VERSIONS = 2_000;

    private final RegistryConfig config;
    private final FunctionView view;
    private final Uploads uploads;
    private final Artifacts artifacts;
    private final CredentialDecider credentials;
    private final Clock clock;

    Decider(RegistryConfig config, FunctionView view, Uploads uploads, Artifacts artifacts, Clock clock) {
        this.config = config;
        this.view = view;
        this.uploads = uploads;
        this.artifacts = artifacts;
        this.credentials = new CredentialDecider(view, clock);
        this.clock = clock;
    }

    /** The verdict; what it throws says that Kafka is away, and nothing was decided. */
    Verdict decide(Command command) throws InterruptedException {
        try {
            return switch (command.change()) {
                case Command.Deploy deploy -> deploy(deploy, command.by());
                case Command.Delete delete -> delete(delete, command.by());
                case Command.SetAlias set -> set(set, command.by());
                case Command.DeleteAlias delete -> delete(delete, command.by());
                case Command.SetKey set -> credentials.set(set);
                case Command.RevokeKey revoke -> credentials.revoke(revoke);
                case Command.SetSecret set -> credentials.set(set);
                case Command.DeleteSecret delete -> credentials.delete(delete);
            };
        } catch (Refused e) {
            return e.verdict();
        } catch (KafkaException e) {
            throw e;
        } catch (IOException e) {
            LOG.atError().setCause(e).log("upload could not be kept");
            return new Verdict.Rejected(ErrorKind.UNAVAILABLE, "the registry's disk does not take the module now");
        } catch (RuntimeException | Error e) {
            // Whatever a stranger's bytes bring about, the commands behind it must be decided too.
            LOG.atError().setCause(e).log("command could not be examined");
            return new Verdict.Rejected(ErrorKind.INTERNAL, "the command could not be examined");
        }
    }

    private Verdict deploy(Command.Deploy deploy, String by) throws Refused, IOException, InterruptedException {
        var function = FunctionConfig.parse(deploy.toml());
        if (!deploy.name().isEmpty() && !deploy.name().equals(function.name())) {
            throw new Refused("the record's key is '%s' and photoniq.toml says '%s'"
                    .formatted(Refused.shortened(deploy.name()), function.name()));
        }
        return switch (deploy.content()) {
            case Command.Content.Inline inline -> {
                requireAllowed(inline.bytes().length);
                yield deploy(function, ByteBuffer.wrap(inline.bytes()), by);
            }
            case Command.Content.Uploaded upload -> {
                requireAllowed(upload.size());
                try (var file = uploads.collect(upload)) {
                    yield deploy(function, file.content(), by);
                }
            }
        };
    }

    private void requireAllowed(long size) throws Refused {
        if (size > config.maxArtifactBytes()) {
            throw new Refused(
                    ErrorKind.TOO_LARGE,
                    "the module has %d bytes and %d are allowed".formatted(size, config.maxArtifactBytes()));
        }
    }

    private Verdict deploy(FunctionConfig function, ByteBuffer module, String by) throws Refused, InterruptedException {
        var digest = Digest.of(module);
        var existing = view.version(function.name(), function.version());
        if (existing.isPresent()) {
            if (existing.get().digest().equals(digest) && function.describes(existing.get())) {
                return new Verdict.Accepted(function.name(), existing, List.of(), function.warning());
            }
            throw new Refused(
                    ErrorKind.VERSION_EXISTS,
                    "version %s of %s exists with other %s: deploy it as a new version"
                            .formatted(
                                    function.version(),
                                    function.name(),
                                    existing.get().digest().equals(digest) ? "settings" : "content"));
        }
        if (view.versions(function.name()).size() >= MAX_VERSIONS) {
            throw new Refused("a function has at most " + MAX_VERSIONS + " versions: delete one first");
        }
        for (var secret : function.secrets().values()) {
            if (view.secret(secret).isEmpty()) {
                throw new Refused("env_vars: there is no secret '" + secret + "': set it first");
            }
        }
        var slow = check(module, function.lang(), function.limits());
        var manifest = manifest(function, digest, module.remaining(), artifacts.place(digest, module));
        var entry = entry(by, History.Action.VERSION_DEPLOYED, function.version(), List.of());
        var states = new ArrayList<State>(List.of(new State.Version(manifest)));
        view.condemned(digest).ifPresent(saved -> states.add(new State.NoCondemnation(digest)));
        states.add(past(function.name(), List.of(entry)));
        var warning = Stream.concat(function.warning().stream(), slow.stream()).collect(Collectors.joining("; "));
        return new Verdict.Accepted(
                function.name(),
                Optional.of(manifest),
                states,
                Optional.of(warning).filter(text -> !text.isEmpty()));
    }

    private Verdict delete(Command.Delete delete, String by) throws Refused {
        requireFunction(delete.function());
        return delete.version().isPresent()
                ? deleteVersion(delete.function(), delete.version().get(), delete.force(), by)
                : deleteFunction(delete.function(), by);
    }

    private Verdict deleteFunction(String function, String by) {
        var states = new ArrayList<State>();
        view.aliases(function).forEach(alias -> states.add(new State.NoAlias(function, alias.name())));
        view.versions(function).forEach(version -> states.add(new State.NoVersion(function, version.version())));
        states.addAll(artifacts.condemned(view.versions(function)));
        states.add(past(function, List.of(entry(by, History.Action.FUNCTION_DELETED, "", List.of()))));
        return new Verdict.Accepted(function, states);
    }

    private Verdict deleteVersion(String function, String version, boolean force, String by) throws Refused {
        var gone = view.version(function, version);
        if (gone.isEmpty()) {
            throw new Refused(
                    ErrorKind.NOT_FOUND,
                    "function '%s' has no version '%s'".formatted(function, Refused.shortened(version)));
        }
        var users = view.aliases(function).stream()
                .filter(alias -> alias.uses(version))
                .toList();
        if (!users.isEmpty() && !force) {
            throw new Refused(
                    ErrorKind.IN_USE,
                    "version %s of %s is used by the aliases %s: update them first, or force"
                            .formatted(version, function, String.join(", ", names(users))));
        }
        var states = new ArrayList<State>();
        var entries = new ArrayList<History.Entry>();
        for (var alias : users) {
            var left = alias.targets().stream()
                    .filter(target -> !target.version().equals(version))
                    .toList();
            if (left.stream().anyMatch(target -> target.weight() > 0)) {
                states.add(new State.Aliased(new Alias(function, alias.name(), left)));
                entries.add(entry(by, History.Action.ALIAS_SET, alias.name(), left));
            } else {
                states.add(new State.NoAlias(function, alias.name()));
                entries.add(entry(by, History.Action.ALIAS_DELETED, alias.name(), List.of()));
            }
        }
        states.add(new State.NoVersion(function, version));
        states.addAll(artifacts.condemned(List.of(gone.get())));
        entries.add(entry(by, History.Action.VERSION_DELETED, version, List.of()));
        states.add(past(function, entries));
        return new Verdict.Accepted(function, states);
    }

    private static List<String> names(List<Alias> aliases) {
        return aliases.stream().map(Alias::name).toList();
    }

    private Verdict set(Command.SetAlias set, String by) throws Refused {
        requireFunction(set.function());
        var alias = AliasTargets.parse(set.function(), set.alias(), set.targets());
        for (var target : alias.targets()) {
            if (view.version(set.function(), target.version()).isEmpty()) {
                throw new Refused("function '%s' has no version '%s': deploy it first"
                        .formatted(set.function(), Refused.shortened(target.version())));
            }
        }
        var before = view.alias(set.function(), set.alias());
        if (before.equals(Optional.of(alias))) {
            return new Verdict.Accepted(set.function(), List.of());
        }
        if (before.isEmpty() && view.aliases(set.function()).size() >= MAX_ALIASES) {
            throw new Refused("a function has at most " + MAX_ALIASES + " aliases: delete one first");
        }
        var entry = entry(by, History.Action.ALIAS_SET, alias.name(), alias.targets());
        return new Verdict.Accepted(
                set.function(), List.of(new State.Aliased(alias), past(set.function(), List.of(entry))));
    }

    private Verdict delete(Command.DeleteAlias delete, String by) throws Refused {
        requireFunction(delete.function());
        if (view.alias(delete.function(), delete.alias()).isEmpty()) {
            throw new Refused(
                    ErrorKind.NOT_FOUND,
                    "function '%s' has no alias '%s'".formatted(delete.function(), Refused.shortened(delete.alias())));
        }
        var entry = entry(by, History.Action.ALIAS_DELETED, delete.alias(), List.of());
        return new Verdict.Accepted(
                delete.function(),
                List.of(new State.NoAlias(delete.function(), delete.alias()), past(delete.function(), List.of(entry))));
    }

    private void requireFunction(String name) throws Refused {
        if (!view.has(name)) {
            throw new Refused(ErrorKind.NOT_FOUND, "there is no function '" + Refused.shortened(name) + "'");
        }
    }

    private History.Entry entry(String by, History.Action action, String subject, List<Alias.Target> targets) {
        return new History.Entry(clock.millis(), by, action, subject, targets);
    }

    private State past(String function, List<History.Entry> entries) {
        return new State.Past(view.history(function).with(entries));
    }

    /**
     * @return what its author should know
     */
    static Optional<String> check(ByteBuffer artifact, String lang, Manifest.Limits limits) throws Refused {
        try {
            if (Script.is(artifact, lang)) {
                Script.check(artifact);
                return Optional.empty();
            }
            var initial = GuestModule.check(artifact).initialPages();
            if (initial > limits.memoryPages()) {
                throw new Refused(
                        "the module starts with %d pages of memory and its limit is %d: raise resource_settings.mem"
                                .formatted(initial, limits.memoryPages()));
            }
            return LargeFunctions.warning(artifact);
        } catch (InvalidModule e) {
            throw new Refused(e.getMessage());
        }
    }

    private Manifest manifest(FunctionConfig function, Digest digest, long size, Manifest.Chunks chunks) {
        return new Manifest(
                function.name(),
                function.version(),
                function.description(),
                function.lang(),
                digest,
                size,
                clock.millis(),
                function.env(),
                function.secrets(),
                function.limits(),
                function.outbound(),
                function.reuse(),
                function.urlSuffix(),
                function.auth(),
                function.logs(),
                chunks);
    }
}
