package dev.photon.registry;

import dev.photon.protocol.Digest;
import dev.photon.protocol.LogLevel;
import java.util.Map;

/**
 * One immutable version of a function, as every role sees it.
 *
 * @param version semantic version 2.0.0
 * @param size of the module in bytes
 * @param deployedAt milliseconds since 1970-01-01T00:00Z, by the registry's clock
 * @param secrets the names of {@link Secret}s, by the variables that get their values
 * @param urlSuffix a path below which the function is called by its name, too: {@code /shop} for {@code /shop/<name>};
 *     empty for none
 * @param chunks where the module's bytes lie
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
        String urlSuffix,
        Auth auth,
        Logs logs,
        Chunks chunks) {

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
    }

    private static void require(boolean inRange) {
        if (!inRange) {
            throw new IllegalArgumentException("a number of the manifest is out of its range");
        }
    }

    /**
     * @param timeoutMillis the longest run, 1 to 900,000 ms
     * @param memoryPages linear memory, in pages of 64 KiB, 1 to 32,767
     */
    public record Limits(long timeoutMillis, int memoryPages) {
        public Limits {
            require(timeoutMillis >= 1 && timeoutMillis <= 900_000 && memoryPages >= 1 && memoryPages <= 32_767);
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
