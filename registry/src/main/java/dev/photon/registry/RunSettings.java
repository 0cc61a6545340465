package dev.photon.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The parts of a {@code photoniq.toml} that bound a run: {@code [runtime]}, {@code mem}, {@code [cors_settings]}. */
final class RunSettings {
    static final Set<String> RUNTIME_KEYS =
            Set.of("timeout_ms", "reuse", "max_answer", "max_log", "max_outbound_calls", "max_concurrency", "max_tmp");
    static final Set<String> OUTBOUND_KEYS = Set.of("allowed_methods", "allowed_hosts", "allow_http");

    private static final int PAGE = 64 * 1024;
    private static final Manifest.Limits DEFAULT = Manifest.Limits.DEFAULT;
    private static final int MAX_LISTED = 100;
    /** RFC 9110, section 9.1, as far as anybody uses it. */
    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");

    private static final Pattern HOST = Pattern.compile("(?:\\*\\.)?[^\\s/@?#*\\\\:]{1,253}(?::\\d{1,5})?");

    private RunSettings() {}

    static Manifest.Limits limits(JsonNode root) throws Refused {
        var runtime = root.path("runtime");
        return new Manifest.Limits(
                number(runtime, "timeout_ms", (int) DEFAULT.timeoutMillis(), 1, 900_000),
                pages(root.path("resource_settings").path("mem")),
                bytes(runtime, "max_answer", DEFAULT.answerBytes(), 1, Manifest.Limits.MOST_ANSWER_BYTES),
                bytes(runtime, "max_log", DEFAULT.logBytes(), 0, 1 << 20),
                number(runtime, "max_outbound_calls", DEFAULT.outboundCalls(), 0, 1_000),
                number(runtime, "max_concurrency", DEFAULT.concurrency(), 1, 10_000),
                bytes(runtime, "max_tmp", DEFAULT.tmpBytes(), 0, 256 << 20));
    }

    static boolean reuse(JsonNode root) throws Refused {
        return flag(root.path("runtime"), "runtime.reuse", "reuse", true);
    }

    static Manifest.Outbound outbound(JsonNode root) throws Refused {
        var table = root.path("cors_settings");
        return new Manifest.Outbound(
                new TreeSet<>(texts(table, "allowed_methods", METHOD)),
                texts(table, "allowed_hosts", HOST),
                flag(table, "cors_settings.allow_http", "allow_http", false));
    }

    private static List<String> texts(JsonNode table, String key, Pattern pattern) throws Refused {
        var node = table.path(key);
        if (node.isMissingNode()) {
            return List.of();
        }
        var texts = new ArrayList<String>();
        for (var text : node) {
            if (!text.isTextual() || !pattern.matcher(text.textValue()).matches()) {
                throw new Refused("cors_settings." + key + " has an entry that is not a name: "
                        + Refused.shortened(text.asText()));
            }
            texts.add(text.textValue());
        }
        if (!node.isArray() || texts.size() > MAX_LISTED) {
            throw new Refused("cors_settings." + key + " must be a list of at most " + MAX_LISTED + " names");
        }
        return texts;
    }

    private static boolean flag(JsonNode table, String name, String key, boolean byDefault) throws Refused {
        var node = table.path(key);
        if (!node.isMissingNode() && !node.isBoolean()) {
            throw new Refused(name + " must be true or false");
        }
        return node.asBoolean(byDefault);
    }

    private static int number(JsonNode runtime, String key, int byDefault, int min, int max) throws Refused {
        var node = runtime.path(key);
        if (node.isMissingNode()) {
            return byDefault;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < min || node.intValue() > max) {
            throw new Refused("runtime.%s must be a whole number from %d to %d".formatted(key, min, max));
        }
        return node.intValue();
    }

    private static int bytes(JsonNode runtime, String key, int byDefault, int min, int max) throws Refused {
        var node = runtime.path(key);
        if (node.isMissingNode()) {
            return byDefault;
        }
        return Quantity.bytes(node.asText())
                .filter(bytes -> bytes >= min && bytes <= max)
                .orElseThrow(() -> new Refused(
                        "runtime.%s must be a quantity such as \"64Ki\", from %d to %d bytes".formatted(key, min, max)))
                .intValue();
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
