package dev.photon.executor.wasm;

import java.util.regex.Pattern;

/**
 * What the engine's plugin writes when something that nobody caught ends it: a Rust panic around the text of an error,
 * {@code Error:[file]:line:column message} and its stack.
 */
final class EnginePanic {
    private static final Pattern ERROR = Pattern.compile(
            "`Err` value: (?:Error:)?(?:\\[[^\\]]*\\])?(?::?(\\d+):\\d+ )?(.*?)\\n(?:note: run with .*)?$",
            Pattern.DOTALL);
    private static final Pattern PLACE = Pattern.compile("([^\\s()]+\\.js:\\d+)");

    private EnginePanic() {}

    /**
     * What an exception out of the engine means.
     *
     * @param panic what the plugin wrote before, if anything
     */
    static RuntimeException of(RuntimeException thrown, String panic, String file) {
        return panic.isEmpty() ? thrown : new ScriptFailed(message(panic, file));
    }

    /** In the form of our own messages: file and line, what happened. */
    static String message(String panic, String file) {
        var match = ERROR.matcher(panic.strip() + "\n");
        if (!match.find()) {
            return "the JavaScript engine failed: " + panic.strip();
        }
        var text = match.group(2).replace(QuickJs.ANY_NAME, file);
        var message = text.lines().findFirst().orElse("");
        var place = PLACE.matcher(text);
        return place.find() ? place.group(1) + ": " + message : message;
    }
}
