package dev.photon.registry;

import dev.photon.protocol.Digest;
import dev.photon.protocol.LogLevel;
import dev.photon.protocol.Topics;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One immutable version of a function, as every role sees it.
 *
 * @param version semantic version 2.0.0
 * @param size of the module in bytes
 * @param deployedAt milliseconds since 1970-01-01T00:00Z, by the registry's clock
 * @param secrets the names of {@link Secret}s, by the variables that get their values
 * @param reuse whether an http-wasm handler's instance serves one request after the other
 * @param urlSuffix a path below which the function is called by its name, too: {@code /shop} for {@code /shop/<name>};
 *     empty for none
 * @param routes where else, while it is the latest version
 * @param triggers what runs it besides calls, while it is the latest version; each of another topic
 * @param cors for browsers; without it they get what the function answers
 * @param chunks where the module's bytes lie
 * @param assets its files; a site has nothing else, and its digest, size and chunks are those of the files' last bundle
 */
public record Manifest(
        String name,
        String version,
        String description,
        String lang,
        Digest digest,
        long size,
        long deployedAt,
        Map<String, String> env,
        Map<String, String> secrets,
        Limits limits,
        Outbound outbound,
        boolean reuse,
        Scaling scaling,
        Placement placement,
        String urlSuffix,
        List<Route> routes,
        List<TriggerRule> triggers,
        Optional<CorsRules> cors,
        Auth auth,
        Logs logs,
        Chunks chunks,
        Optional<Assets> assets) {

    /** The same version, whose artifacts lie where {@code place} says. */
    Manifest placed(UnaryOperator<Artifact> place) {
        return with(
                deployedAt,
                new Private(env, secrets, outbound, triggers),
                place.apply(module()).chunks(),
                assets.map(files -> new Assets(
                        files.tree(),
                        files.files(),
                        files.bytes(),
                        files.bundles().stream().map(place).toList(),
                        files.indexBytes(),
                        files.rules())));
    }

    /** What regions know of it where it does not run: enough to send calls to where it does. */
    Manifest withoutPrivate() {
        return with(deployedAt, Private.NONE, chunks, assets);
    }

    /** What only regions know where it runs. */
    private record Private(
            Map<String, String> env, Map<String, String> secrets, Outbound outbound, List<TriggerRule> triggers) {
        static final Private NONE = new Private(Map.of(), Map.of(), Outbound.NONE, List.of());
    }

    private Manifest with(long at, Private own, Chunks place, Optional<Assets> files) {
        return new Manifest(
                name,
                version,
                description,
                lang,
                digest,
                size,
                at,
                own.env(),
                own.secrets(),
                limits,
                own.outbound(),
                reuse,
                scaling,
                placement,
                urlSuffix,
                routes,
                own.triggers(),
                cors,
                auth,
                logs,
                place,
                files);
    }

    /** Whether both are one version, for all that regions know where it does not run; wherever and whenever deployed. */
    boolean isSameAs(Manifest other) {
        return assets.map(Assets::tree).equals(other.assets.map(Assets::tree))
                && assets.map(Assets::rules).equals(other.assets.map(Assets::rules))
                && bare().equals(other.bare());
    }

    /** Without what depends on the region and the time of its deployment. */
    private Manifest bare() {
        return with(0, Private.NONE, new Chunks(0, 0, 0, 1), Optional.empty());
    }

    /** Whether there are only files, and nothing to run. */
    public boolean filesOnly() {
        return assets.filter(files -> files.last().digest().equals(digest)).isPresent();
    }

    /** What it runs, or the last bundle of a site. */
    public Artifact module() {
        return new Artifact(digest, size, chunks);
    }

    /** What it does with the records of a topic. */
    public Optional<TriggerRule> trigger(String topic) {
        return triggers.stream().filter(rule -> rule.topic().equals(topic)).findFirst();
    }

    /** Everything that it needs of {@code photon.artifacts}. */
    Stream<Artifact> artifacts() {
        return Stream.concat(Stream.of(module()), assets.stream().flatMap(files -> files.bundles().stream()))
                .distinct();
    }

    /**
     * What of its log is kept.
     *
     * @param level the least severe
     */
    public record Logs(boolean enabled, LogLevel level) {
        public boolean keeps(LogLevel line) {
            return enabled && line.isKeptAt(level);
        }
    }

    /** Who may call it. */
    public enum Auth {
        /** Who has a key for calls. */
        KEY,
        /** Everybody. */
        PUBLIC
    }

    /**
     * @throws IllegalArgumentException when a number is out of its range
     */
    public Manifest {
        require(size >= 1 && deployedAt >= 0);
        env = Map.copyOf(env);
        secrets = Map.copyOf(secrets);
        routes = List.copyOf(routes);
        triggers = List.copyOf(triggers);
    }

    private static void require(boolean inRange) {
        if (!inRange) {
            throw new IllegalArgumentException("a number of the manifest is out of its range");
        }
    }

    /**
     * What one run may take, unless the executor allows less.
     *
     * @param timeoutMillis the longest run, 1 to 900,000 ms
     * @param memoryPages linear memory, in pages of 64 KiB, 1 to 32,767
     * @param answerBytes the whole answer, 1 byte to 1 GiB
     * @param logBytes what is kept of the log of a run, 0 to 1 MiB
     * @param outboundCalls 0 to 1,000
     * @param concurrency runs at the same time in one executor, 1 to 10,000
     * @param tmpBytes files below {@code /tmp}, 0 to 256 MiB
     */
    public record Limits(
            long timeoutMillis,
            int memoryPages,
            int answerBytes,
            int logBytes,
            int outboundCalls,
            int concurrency,
            int tmpBytes) {
        public static final int MOST_ANSWER_BYTES = 1 << 30;

        /** What holds where {@code photoniq.toml} says nothing: 30 s, 128 MiB, and what the README states. */
        public static final Limits DEFAULT = new Limits(30_000, 2_048, 100 << 20, 64 << 10, 50, 1_000, 16 << 20);

        public Limits {
            require(timeoutMillis >= 1 && timeoutMillis <= 900_000);
            require(memoryPages >= 1 && memoryPages <= GuestModule.MAX_PAGES);
            require(answerBytes >= 1 && answerBytes <= MOST_ANSWER_BYTES);
            require(logBytes >= 0 && logBytes <= 1 << 20);
            require(outboundCalls >= 0 && outboundCalls <= 1_000);
            require(concurrency >= 1 && concurrency <= 10_000);
            require(tmpBytes >= 0 && tmpBytes <= 256 << 20);
        }
    }

    /**
     * How much of it there is, in each executor.
     *
     * @param min instances that wait for a call, 0 to 64; from 1 on it stays loaded when nobody calls
     * @param max runs at the same time, 1 to 10,000, and at least {@code min}; the smaller of this and
     *     {@link Limits#concurrency} counts
     * @param targetConcurrency runs at the same time beyond which one more consumer is wanted, 1 to 10,000
     * @param idleSeconds without a call, after which nothing of it stays but this, 1 to 86,400; empty for what the
     *     executor says
     * @param pool whose executors run it
     */
    public record Scaling(int min, int max, int targetConcurrency, Optional<Integer> idleSeconds, String pool) {
        static final int MOST_MIN = 64;
        static final int MOST = 10_000;
        static final int LONGEST_IDLE = 86_400;

        /** What holds where {@code photoniq.toml} says nothing. */
        public static final Scaling DEFAULT = new Scaling(0, MOST, 100, Optional.empty(), Topics.DEFAULT_POOL);

        public Scaling {
            require(min >= 0 && min <= MOST_MIN);
            require(max >= Math.max(1, min) && max <= MOST);
            require(targetConcurrency >= 1 && targetConcurrency <= MOST);
            require(idleSeconds.orElse(1) >= 1 && idleSeconds.orElse(1) <= LONGEST_IDLE);
        }
    }

    /** Runs at the same time in one executor, at most. */
    public int concurrency() {
        return Math.min(limits.concurrency(), scaling.max());
    }

    /**
     * What it may call out to. Nothing, unless it says so.
     *
     * @param methods as on the wire, such as {@code GET}
     * @param hosts names, or {@code *.example.com} for all names below one; with a port, or without for the scheme's own
     * @param allowHttp whether without TLS, too
     * @param events that it may publish
     */
    public record Outbound(Set<String> methods, List<String> hosts, boolean allowHttp, Events events) {
        public static final Outbound NONE = new Outbound(Set.of(), List.of(), false, Events.NONE);

        public Outbound {
            methods = Collections.unmodifiableSet(new TreeSet<>(methods));
            hosts = List.copyOf(hosts);
        }

        /** One without events. */
        public Outbound(Set<String> methods, List<String> hosts, boolean allowHttp) {
            this(methods, hosts, allowHttp, Events.NONE);
        }
    }

    /**
     * The events that it may publish of its own accord. None, unless it says so.
     *
     * @param topics where to
     * @param most events of a run, 1 to 1,000
     * @param bytes of all events of a run, 1 to 4 MiB
     */
    public record Events(List<String> topics, int most, int bytes) {
        static final int MOST_EVENTS = 1_000;
        static final int MOST_BYTES = 4 << 20;

        public static final Events NONE = new Events(List.of(), 100, 1 << 20);

        public Events {
            topics = List.copyOf(topics);
            require(most >= 1 && most <= MOST_EVENTS);
            require(bytes >= 1 && bytes <= MOST_BYTES);
        }
    }

    /**
     * A place on {@code photon.artifacts}. Offsets survive compaction, so they find the chunks without a scan.
     *
     * @param count how many chunks there are, at least 1
     */
    public record Chunks(int partition, long firstOffset, long lastOffset, int count) {
        public Chunks {
            require(partition >= 0 && firstOffset >= 0 && lastOffset >= firstOffset && count >= 1);
        }
    }
}
