package dev.photon.registry;

import dev.photon.protocol.Command;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.RegionConfig;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides on commands, against a view that has read everything decided before. Confined to the registry's thread. */
final class Decider {
    private static final Logger LOG = LoggerFactory.getLogger(Decider.class);

    private static final int MAX_ALIASES = 100;

    private final FunctionView view;
    private final Artifacts artifacts;
    private final DeploymentDecider deployments;
    private final ContentDecider contents;
    private final TriggerDecider triggers;
    private final EntryDecider entries;
    private final CredentialDecider credentials;
    private final RegionDecider regions;
    private final Histories history;

    /** Who decides on topics that are not the region's own. */
    record OfTopics(TriggerDecider triggers, EntryDecider entries) {}

    Decider(
            RegistryConfig config,
            RegionConfig region,
            FunctionView view,
            Contents contents,
            OfTopics topics,
            Clock clock) {
        this.triggers = topics.triggers();
        this.entries = topics.entries();
        this.view = view;
        this.artifacts = contents.artifacts();
        this.deployments = new DeploymentDecider(config, region, view, contents, triggers, clock);
        this.contents = new ContentDecider(view, contents, triggers);
        this.credentials = new CredentialDecider(view, clock);
        this.regions = new RegionDecider(region, view, clock);
        this.history = new Histories(view, clock);
    }

    /** The verdict; what it throws says that Kafka is away, and nothing was decided. */
    Verdict decide(Command command) throws InterruptedException {
        try {
            return switch (command.change()) {
                case Command.Deploy deploy -> deployments.deploy(deploy, command.by());
                case Command.Delete delete -> delete(delete, command.by());
                case Command.SetAlias set -> set(set, command.by());
                case Command.DeleteAlias delete -> delete(delete, command.by());
                case Command.SetKey set -> credentials.set(set);
                case Command.RevokeKey revoke -> credentials.revoke(revoke);
                case Command.SetSecret set -> credentials.set(set);
                case Command.DeleteSecret delete -> credentials.delete(delete);
                case Command.Place place -> contents.place(place);
                case Command.TriggerChange change -> triggers.change(change, command.by());
                case Command.SetEntry set -> entries.set(set, command.by());
                case Command.DeleteEntry delete -> entries.delete(delete, command.by());
                case Command.Drain drain -> regions.decide(drain.region(), true, command.by());
                case Command.Undrain undrain -> regions.decide(undrain.region(), false, command.by());
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

    private Verdict delete(Command.Delete delete, String by) throws Refused, InterruptedException {
        requireFunction(delete.function());
        return delete.version().isPresent()
                ? deleteVersion(delete.function(), delete.version().get(), delete.force(), by)
                : deleteFunction(delete.function(), by);
    }

    private Verdict deleteFunction(String function, String by) {
        var states = new ArrayList<State>();
        view.aliases(function).forEach(alias -> states.add(new State.NoAlias(function, alias.name())));
        states.addAll(deleted(view.versions(function)));
        states.addAll(triggers.ended(function, List.of()));
        states.add(history.past(function, List.of(history.entry(by, History.Action.FUNCTION_DELETED, "", List.of()))));
        return new Verdict.Accepted(function, states);
    }

    private Verdict deleteVersion(String function, String version, boolean force, String by)
            throws Refused, InterruptedException {
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
        var next = view.latestWithout(function, version);
        if (next.isPresent()) {
            // Others may have taken its routes since it was the latest.
            RouteTable.requireFree(
                    view.latest(), function, next.get().version(), next.get().routes());
        }
        var states = new ArrayList<State>();
        var entries = new ArrayList<History.Entry>();
        for (var alias : users) {
            var left = alias.targets().stream()
                    .filter(target -> !target.version().equals(version))
                    .toList();
            if (left.stream().anyMatch(target -> target.weight() > 0)) {
                states.add(new State.Aliased(new Alias(function, alias.name(), left)));
                entries.add(history.entry(by, History.Action.ALIAS_SET, alias.name(), left));
            } else {
                states.add(new State.NoAlias(function, alias.name()));
                entries.add(history.entry(by, History.Action.ALIAS_DELETED, alias.name(), List.of()));
            }
        }
        states.addAll(deleted(List.of(gone.get())));
        states.addAll(triggers.followingAsFarAsPossible(Map.of(function, triggers.rules(next))));
        entries.add(history.entry(by, History.Action.VERSION_DELETED, version, List.of()));
        states.add(history.past(function, entries));
        return new Verdict.Accepted(function, states);
    }

    /** With what others need first, so that it is here all the time. */
    private List<State> deleted(List<Manifest> versions) {
        var following = artifacts.condemned(versions);
        var states = new ArrayList<State>();
        following.stream().filter(State.Placed.class::isInstance).forEach(states::add);
        versions.forEach(version -> states.add(new State.NoVersion(version.name(), version.version())));
        following.stream().filter(State.Condemnation.class::isInstance).forEach(states::add);
        return states;
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
            var others = view.conflicting(set.function(), target.version());
            if (!others.isEmpty()) {
                throw new Refused(
                        ErrorKind.CONFLICT,
                        "version %s was deployed with other content in %s, too: deploy what you mean under another version"
                                .formatted(target.version(), String.join(", ", others)));
            }
        }
        var before = view.alias(set.function(), set.alias());
        if (before.equals(Optional.of(alias))) {
            return new Verdict.Accepted(set.function(), List.of());
        }
        if (before.isEmpty() && view.aliases(set.function()).size() >= MAX_ALIASES) {
            throw new Refused("a function has at most " + MAX_ALIASES + " aliases: delete one first");
        }
        var entry = history.entry(by, History.Action.ALIAS_SET, alias.name(), alias.targets());
        return new Verdict.Accepted(
                set.function(), List.of(new State.Aliased(alias), history.past(set.function(), List.of(entry))));
    }

    private Verdict delete(Command.DeleteAlias delete, String by) throws Refused {
        requireFunction(delete.function());
        if (view.alias(delete.function(), delete.alias()).isEmpty()) {
            throw new Refused(
                    ErrorKind.NOT_FOUND,
                    "function '%s' has no alias '%s'".formatted(delete.function(), Refused.shortened(delete.alias())));
        }
        var entry = history.entry(by, History.Action.ALIAS_DELETED, delete.alias(), List.of());
        return new Verdict.Accepted(
                delete.function(),
                List.of(
                        new State.NoAlias(delete.function(), delete.alias()),
                        history.past(delete.function(), List.of(entry))));
    }

    private void requireFunction(String name) throws Refused {
        if (!view.has(name)) {
            throw new Refused(ErrorKind.NOT_FOUND, "there is no function '" + Refused.shortened(name) + "'");
        }
    }
}
