package dev.photon.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The parts of a {@code photoniq.toml} that bound a run: {@code [runtime]}, {@code mem}, {@code [cors_settings]} and, of
 * another class, {@code [events]}.
 */
final class RunSettings {
    static final Set<String> RUNTIME_KEYS =
            Set.of("timeout_ms", "reuse", "max_answer", "max_log", "max_outbound_calls", "max_concurrency", "max_tmp");
    static final Set<String> OUTBOUND_KEYS = Set.of("allowed_methods", "allowed_hosts", "allow_http");

    /** RFC 9110, section 9.1, as far as anybody uses it. */
    static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");

    private static final int PAGE = 64 * 1024;
    private static final Manifest.Limits DEFAULT = Manifest.Limits.DEFAULT;

    private static final Pattern HOST = Pattern.compile("(?:\\*\\.)?[^\\s/@?#*\\\\:]{1,253}(?::\\d{1,5})?");

    private RunSettings() {}

    static Manifest.Limits limits(JsonNode root) throws Refused {
        var runtime = TomlTable.of(root, "runtime");
        return new Manifest.Limits(
                runtime.number("timeout_ms", (int) DEFAULT.timeoutMillis(), 1, 900_000),
                pages(root.path("resource_settings").path("mem")),
                runtime.bytes("max_answer", DEFAULT.answerBytes(), 1, Manifest.Limits.MOST_ANSWER_BYTES),
                runtime.bytes("max_log", DEFAULT.logBytes(), 0, 1 << 20),
                runtime.number("max_outbound_calls", DEFAULT.outboundCalls(), 0, 1_000),
                runtime.number("max_concurrency", DEFAULT.concurrency(), 1, 10_000),
                runtime.bytes("max_tmp", DEFAULT.tmpBytes(), 0, 256 << 20));
    }

    static boolean reuse(JsonNode root) throws Refused {
        return TomlTable.of(root, "runtime").flag("reuse", true);
    }

    static Manifest.Outbound outbound(JsonNode root) throws Refused {
        var table = TomlTable.of(root, "cors_settings");
        return new Manifest.Outbound(
                new TreeSet<>(table.texts("allowed_methods", METHOD)),
                table.texts("allowed_hosts", HOST),
                table.flag("allow_http", false),
                EventSettings.events(root));
    }

    private static int pages(JsonNode mem) throws Refused {
        if (mem.isMissingNode()) {
            return DEFAULT.memoryPages();
        }
        var bytes = Quantity.bytes(mem.asText())
                .orElseThrow(
                        () -> new Refused("resource_settings.mem must be a quantity such as \"200M\" or \"64Mi\""));
        var pages = bytes / PAGE;
        if (pages < 1) {
            throw new Refused("resource_settings.mem is less than one page of 64 KiB");
        }
        return (int) Math.min(pages, GuestModule.MAX_PAGES);
    }
}
