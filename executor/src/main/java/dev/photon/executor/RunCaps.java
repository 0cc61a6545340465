package dev.photon.executor;

import dev.photon.protocol.Settings;
import dev.photon.registry.GuestModule;
import dev.photon.registry.Manifest;
import java.util.Set;

/**
 * What this executor lets a run take at most, whatever the function was deployed with.
 *
 * @param timeoutMillis 1 to 900,000
 * @param memoryBytes 65,536 to 2 GiB less a page
 * @param outboundCalls 0 to 1,000
 * @param concurrency runs of one function at the same time, 1 to 10,000
 * @param tmpBytes 0 to 256 MiB
 * @param answerBytes 1 to 1 GiB
 * @param logBytes 0 to 1 MiB
 */
public record RunCaps(
        int timeoutMillis,
        int memoryBytes,
        int outboundCalls,
        int concurrency,
        int tmpBytes,
        int answerBytes,
        int logBytes) {
    static final Set<String> KEYS = Set.of(
            "PHOTON_MAX_TIMEOUT_MS",
            "PHOTON_MAX_MEMORY",
            "PHOTON_MAX_OUTBOUND_CALLS",
            "PHOTON_MAX_CONCURRENCY",
            "PHOTON_MAX_TMP",
            "PHOTON_MAX_ANSWER",
            "PHOTON_MAX_LOG");

    private static final int PAGE = 64 << 10;
    private static final int MOST_MEMORY = GuestModule.MAX_PAGES * PAGE;
    private static final int MOST_TMP = 256 << 20;
    private static final int MOST_LOG = 1 << 20;

    static RunCaps read(Settings settings) {
        return new RunCaps(
                settings.integer("PHOTON_MAX_TIMEOUT_MS", 900_000, 1, 900_000),
                settings.integer("PHOTON_MAX_MEMORY", MOST_MEMORY, PAGE, MOST_MEMORY),
                settings.integer("PHOTON_MAX_OUTBOUND_CALLS", 1_000, 0, 1_000),
                settings.integer("PHOTON_MAX_CONCURRENCY", 10_000, 1, 10_000),
                settings.integer("PHOTON_MAX_TMP", MOST_TMP, 0, MOST_TMP),
                settings.integer(
                        "PHOTON_MAX_ANSWER", Manifest.Limits.MOST_ANSWER_BYTES, 1, Manifest.Limits.MOST_ANSWER_BYTES),
                settings.integer("PHOTON_MAX_LOG", MOST_LOG, 0, MOST_LOG));
    }

    /** Of a function's limits and these the smaller. */
    Manifest.Limits bound(Manifest.Limits deployed) {
        return new Manifest.Limits(
                Math.min(timeoutMillis, deployed.timeoutMillis()),
                Math.min(memoryBytes / PAGE, deployed.memoryPages()),
                Math.min(answerBytes, deployed.answerBytes()),
                Math.min(logBytes, deployed.logBytes()),
                Math.min(outboundCalls, deployed.outboundCalls()),
                Math.min(concurrency, deployed.concurrency()),
                Math.min(tmpBytes, deployed.tmpBytes()));
    }
}
