package dev.photon.registry;

import dev.photon.protocol.Digest;
import dev.photon.protocol.EntryRule;
import dev.photon.protocol.LogLevel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** What the registry's properties range over. */
final class Generated {
    private Generated() {}

    /** Few enough that equal ones, and pairs that differ in one place, are common. */
    static Arbitrary<String> versions() {
        var number = Arbitraries.integers().between(0, 2);
        var identifier = Arbitraries.of("0", "1", "2", "10", "a", "b", "B", "rc", "-", "1a");
        var dotted = identifier.list().ofMinSize(1).ofMaxSize(3).map(parts -> String.join(".", parts));
        return Combinators.combine(
                        number,
                        number,
                        number,
                        dotted.map(text -> "-" + text).optional(0.5),
                        dotted.map(text -> "+" + text).optional(0.2))
                .as((major, minor, patch, pre, build) ->
                        major + "." + minor + "." + patch + pre.orElse("") + build.orElse(""));
    }

    static Manifest.Limits limits(long timeoutMillis, int memoryPages) {
        var other = Manifest.Limits.DEFAULT;
        return new Manifest.Limits(
                timeoutMillis,
                memoryPages,
                other.answerBytes(),
                other.logBytes(),
                other.outboundCalls(),
                other.concurrency(),
                other.tmpBytes());
    }

    /** As the only region there is writes it. */
    static Stamped written(State state) {
        return new Stamped(state, "here", Stamp.at(1));
    }

    static Manifest manifest(String name, String version, Digest digest) {
        return manifest(name, version, digest, List.of());
    }

    static Manifest manifest(String name, String version, Digest digest, List<Route> routes) {
        return manifest(name, version, digest, routes, Placement.EVERYWHERE, List.of());
    }

    static Manifest manifest(String name, String version, Digest digest, Placement placement) {
        return manifest(name, version, digest, List.of(), placement, List.of());
    }

    static Manifest triggered(String name, String version, Digest digest, List<TriggerRule> triggers) {
        return triggered(name, version, digest, Placement.EVERYWHERE, triggers);
    }

    static Manifest triggered(
            String name, String version, Digest digest, Placement placement, List<TriggerRule> triggers) {
        return manifest(name, version, digest, List.of(), placement, triggers);
    }

    static TriggerRule rule(String topic) {
        return rule(topic, true);
    }

    private static Manifest manifest(
            String name,
            String version,
            Digest digest,
            List<Route> routes,
            Placement placement,
            List<TriggerRule> triggers) {
        return new Manifest(
                name,
                version,
                "",
                "",
                digest,
                3,
                0,
                Map.of(),
                Map.of(),
                limits(30_000, 16),
                Manifest.Outbound.NONE,
                true,
                Manifest.Scaling.DEFAULT,
                placement,
                "",
                routes,
                triggers,
                Optional.empty(),
                Manifest.Auth.KEY,
                new Manifest.Logs(true, LogLevel.INFO),
                new Manifest.Chunks(0, 0, 0, 1),
                Optional.empty());
    }

    static Arbitrary<Manifest> manifests() {
        var text = Arbitraries.strings().withCharRange('\u0000', '\uD7FF').ofMaxLength(20);
        var env = Arbitraries.maps(Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(8), text)
                .ofMaxSize(4);
        var digests = Arbitraries.bytes().array(byte[].class).ofMaxSize(8).map(Digest::of);
        var count = Arbitraries.longs().greaterOrEqual(0);
        var limits = Combinators.combine(
                        Arbitraries.longs().between(1, 900_000),
                        Arbitraries.integers().between(1, 32_767))
                .as(Generated::limits);
        var chunks = Combinators.combine(
                        Arbitraries.integers().greaterOrEqual(0),
                        Arbitraries.longs().between(0, Long.MAX_VALUE / 2),
                        Arbitraries.longs().between(0, Long.MAX_VALUE / 2),
                        Arbitraries.integers().greaterOrEqual(1))
                .as((partition, first, more, number) -> new Manifest.Chunks(partition, first, first + more, number));
        var sizes = Combinators.combine(Arbitraries.longs().greaterOrEqual(1), count)
                .as((size, at) -> new long[] {size, at});
        return Combinators.combine(
                        Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(10),
                        versions(),
                        text,
                        digests,
                        sizes,
                        env,
                        limits,
                        chunks)
                .as((name, version, free, digest, size, variables, limit, place) -> new Manifest(
                        name,
                        version,
                        free,
                        "rust",
                        digest,
                        size[0],
                        size[1],
                        variables,
                        Map.of("TOKEN", "token"),
                        limit,
                        new Manifest.Outbound(
                                variables.keySet(), List.of(free), false, new Manifest.Events(List.of(name), 7, 70)),
                        variables.isEmpty(),
                        new Manifest.Scaling(1, 9, 8, Optional.of(30).filter(some -> variables.isEmpty()), name),
                        new Placement(List.of(name), List.copyOf(variables.keySet())),
                        "/shop",
                        List.of(new Route(free, "/shop/*", variables.keySet())),
                        List.of(rule(name, variables.isEmpty())),
                        Optional.of(new CorsRules(List.of(free), variables.keySet(), List.of(), List.of(), true, 1))
                                .filter(some -> variables.isEmpty()),
                        Manifest.Auth.PUBLIC,
                        new Manifest.Logs(false, LogLevel.ERROR),
                        place,
                        Optional.of(assets(digest, size[0], place)).filter(some -> variables.isEmpty())));
    }

    private static TriggerRule rule(String topic, boolean first) {
        return new TriggerRule(
                topic,
                first ? new TriggerRule.Start.Earliest() : new TriggerRule.Start.At(Instant.ofEpochMilli(1)),
                first ? TriggerRule.Ordering.KEY : TriggerRule.Ordering.NONE,
                7,
                Optional.of("out").filter(some -> first),
                first ? TriggerRule.Delivery.AT_LEAST_ONCE : TriggerRule.Delivery.AT_MOST_ONCE,
                new TriggerRule.OnError(2, 5, Optional.of("dead").filter(some -> !first)));
    }

    private static Assets assets(Digest tree, long size, Manifest.Chunks place) {
        var bundle = new Artifact(Digest.of(new byte[0]), size, place);
        return new Assets(tree, 1, 0, List.of(bundle), 1, new Assets.Rules(true, "/404.html", List.of("/api/*")));
    }

    private static Arbitrary<EntryTopic> entries(Arbitrary<String> name) {
        var text = Arbitraries.strings().withCharRange('\u0000', '\uD7FF').ofMaxLength(20);
        var records = Arbitraries.integers().between(1, EntryRule.MOST_RECORDS);
        var rules = Combinators.combine(
                        text.list().ofMaxSize(4),
                        text.list().ofMaxSize(4),
                        Arbitraries.longs().between(0, EntryRule.LONGEST_MILLIS),
                        records,
                        records)
                .as(EntryRule::new);
        return Combinators.combine(
                        name,
                        Arbitraries.longs().greaterOrEqual(1),
                        Arbitraries.longs().greaterOrEqual(0).list().ofMaxSize(4),
                        rules,
                        text.optional())
                .as(EntryTopic::new);
    }

    static Arbitrary<State> states() {
        var name = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(20);
        var weight = Arbitraries.doubles().between(0.01, 1e9);
        var targets = Combinators.combine(name, weight)
                .as(Alias.Target::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
        var entries = Combinators.combine(
                        Arbitraries.longs().greaterOrEqual(0),
                        name,
                        Arbitraries.of(History.Action.class),
                        name,
                        targets)
                .as(History.Entry::new)
                .list()
                .ofMaxSize(5);
        return Arbitraries.oneOf(
                manifests().map(State.Version::new),
                Combinators.combine(name, name).as(State.NoVersion::new),
                Combinators.combine(
                                name,
                                Arbitraries.of(true, false),
                                name,
                                Arbitraries.longs().greaterOrEqual(0))
                        .as(RegionState::new)
                        .map(State.Wished::new),
                Combinators.combine(name, name, targets).as(Alias::new).map(State.Aliased::new),
                Combinators.combine(name, name).as(State.NoAlias::new),
                Combinators.combine(name, entries).as(History::new).map(State.Past::new),
                Combinators.combine(
                                name,
                                name,
                                Arbitraries.of(KeyRole.class).set().ofMinSize(1),
                                Arbitraries.of(Digest.of(new byte[0])),
                                Arbitraries.longs().greaterOrEqual(0))
                        .as(ApiKey::new)
                        .map(State.Key::new),
                name.map(State.NoKey::new),
                Combinators.combine(
                                name,
                                name,
                                Arbitraries.longs().greaterOrEqual(1),
                                Arbitraries.longs().greaterOrEqual(0).list().ofMaxSize(4),
                                Arbitraries.of(true, false))
                        .as(TriggerPosition::new)
                        .map(State.Triggered::new),
                Combinators.combine(name, name).as(State.NoTrigger::new),
                entries(name).map(State.Entry::new),
                name.map(State.NoEntry::new),
                Combinators.combine(
                                name,
                                Arbitraries.bytes().array(byte[].class).ofMaxSize(20),
                                Arbitraries.longs().greaterOrEqual(0))
                        .as(Secret::new)
                        .map(State.Sealed::new),
                name.map(State.NoSecret::new),
                manifests()
                        .map(manifest -> new State.Condemnation(new Condemned(
                                manifest.digest(),
                                manifest.chunks().partition(),
                                manifest.chunks().count(),
                                manifest.deployedAt()))),
                manifests().map(manifest -> new State.NoCondemnation(manifest.digest())),
                manifests().map(manifest -> new State.Placed(manifest.module())),
                manifests().map(manifest -> new State.NoPlaced(manifest.digest())),
                Combinators.combine(
                                name,
                                Arbitraries.longs().greaterOrEqual(0),
                                Arbitraries.integers().greaterOrEqual(-1))
                        .as((topic, offset, epoch) -> new State.Copied(new Checkpoint(topic, offset, epoch))));
    }
}
