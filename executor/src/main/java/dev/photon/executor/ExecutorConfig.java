package dev.photon.executor;

import dev.photon.executor.outbound.AddressRange;
import dev.photon.executor.wasm.Engine;
import dev.photon.protocol.Settings;
import dev.photon.protocol.TopicPlan;
import dev.photon.registry.ArtifactStore;
import dev.photon.registry.SecretBox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How an executor works.
 *
 * @param consumers verticles of this process that consume invocations
 * @param pools whose functions this process runs; none for all that the region has
 * @param window unfinished invocations of one partition, beyond which it is paused, 1 to 100,000
 * @param guestThreads functions that run at once, at most, 1 to 1,024
 * @param memoryMebibytes what the memories of all functions of this process may take together, 16 to 1,048,576
 * @param drainMillis how long a partition that is taken away may finish what it has begun
 * @param membership the name by which this process is a member of its groups; empty when Kafka may make one up
 * @param cache where modules are kept on disk, and what was compiled of them
 * @param loading what is kept of compiled functions
 * @param caps what a run may take at most
 * @param secrets opens what functions get in their environment
 * @param outboundAllowed addresses that functions may call although they are not of the public Internet
 */
public record ExecutorConfig(
        Consumers consumers,
        List<String> pools,
        int window,
        int guestThreads,
        int memoryMebibytes,
        int drainMillis,
        ProtocolChoice groupProtocol,
        Optional<Membership> membership,
        Path cache,
        Loading loading,
        RunCaps caps,
        Optional<SecretBox> secrets,
        List<AddressRange> outboundAllowed) {
    private static final String POOLS = "PHOTON_EXECUTOR_POOLS";
    private static final String OUTBOUND_ALLOW = "PHOTON_OUTBOUND_ALLOW";

    private static final Set<String> OWN_KEYS = Set.of(
            Consumers.KEY,
            POOLS,
            "PHOTON_WINDOW",
            "PHOTON_GUEST_THREADS",
            "PHOTON_MEMORY_BUDGET",
            "PHOTON_DRAIN_MS",
            "PHOTON_GROUP_PROTOCOL",
            Membership.SETTING,
            "PHOTON_CACHE",
            OUTBOUND_ALLOW,
            "PHOTON_COMPILED_MB",
            "PHOTON_LOADED_MB",
            "PHOTON_FUNCTION_IDLE_S",
            SecretBox.SETTING,
            Settings.fileOf(SecretBox.SETTING));

    public static final Set<String> KEYS =
            Stream.of(OWN_KEYS, RunCaps.KEYS).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());

    /**
     * How many, from 1 to 64, as the load asks for.
     */
    public record Consumers(int least, int most) {
        private static final int MOST = 64;
        private static final String KEY = "PHOTON_EXECUTOR_CONSUMERS";
        private static final Pattern RANGE = Pattern.compile("([0-9]{1,2})(?:\\.\\.([0-9]{1,2}))?");

        static Consumers read(Settings settings) {
            return settings.parsed(KEY, new Consumers(1, 1), Consumers::parse);
        }

        private static Consumers parse(String text) {
            var range = RANGE.matcher(text);
            if (range.matches()) {
                var least = Integer.parseInt(range.group(1));
                var most = Optional.ofNullable(range.group(2))
                        .map(Integer::parseInt)
                        .orElse(least);
                if (least >= 1 && most >= least && most <= MOST) {
                    return new Consumers(least, most);
                }
            }
            throw new IllegalArgumentException("it must be a number from 1 to 64, or two such as 1..4");
        }
    }

    /**
     * How much of what was compiled is kept, and where.
     *
     * @param keptBytes of class files on disk
     * @param codeBytes of what is loaded: class files, which take some two times that in metaspace, and the functions that
     *     no class file can hold
     * @param idle after which a function that was not called is not loaded any more
     */
    public record Loading(long keptBytes, long codeBytes, Duration idle) {
        static Loading read(Settings settings) {
            return new Loading(
                    (long) settings.integer("PHOTON_COMPILED_MB", 1_024, 1, 1 << 20) << 20,
                    (long) settings.integer("PHOTON_LOADED_MB", 256, 1, 1 << 20) << 20,
                    Duration.ofSeconds(settings.integer("PHOTON_FUNCTION_IDLE_S", 600, 1, 86_400)));
        }
    }

    /** Which consumer group protocol is wanted; {@code AUTO} takes the newer one where the brokers allow it. */
    public enum ProtocolChoice {
        AUTO,
        CONSUMER,
        CLASSIC
    }

    public static ExecutorConfig read(Settings settings) {
        return new ExecutorConfig(
                Consumers.read(settings),
                settings.names(POOLS),
                settings.integer("PHOTON_WINDOW", 1024, 1, 100_000),
                settings.integer("PHOTON_GUEST_THREADS", 64, 1, 1_024),
                settings.integer("PHOTON_MEMORY_BUDGET", (int) (Engine.defaultMemory() >> 20), 16, 1 << 20),
                settings.integer("PHOTON_DRAIN_MS", 5_000, 0, 60_000),
                settings.oneOf("PHOTON_GROUP_PROTOCOL", ProtocolChoice.AUTO, ProtocolChoice.values()),
                settings.name(Membership.SETTING).map(Membership::new),
                ArtifactStore.folder(settings),
                Loading.read(settings),
                RunCaps.read(settings),
                SecretBox.read(settings),
                outboundAllowed(settings));
    }

    /**
     * Those of the region's pools that are served.
     *
     * @throws IllegalArgumentException when one that was named is none
     */
    public List<String> pools(TopicPlan plan) {
        for (var pool : pools) {
            if (!plan.pools().contains(pool)) {
                throw new IllegalArgumentException("%s has '%s', and the region's pools are %s"
                        .formatted(POOLS, pool, String.join(", ", plan.pools())));
            }
        }
        return pools.isEmpty() ? plan.pools() : pools;
    }

    /** The setting that opens addresses to functions' calls. */
    public static List<AddressRange> outboundAllowed(Settings settings) {
        return settings.list(OUTBOUND_ALLOW, AddressRange::parse);
    }
}
