package dev.photon.protocol;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads configuration keys and remembers every problem, so that all are reported together. Confined to its thread.
 */
public final class Settings {
    private static final String PREFIX = "PHOTON_";
    private static final String FILE = "_FILE";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private final Function<String, String> source;
    private final List<String> problems = new ArrayList<>();

    /**
     * @param source the value of a key, or {@code null} when it is not set; {@code System::getenv} in production
     */
    public Settings(Function<String, String> source) {
        this.source = source;
    }

    public String text(String key, String fallback) {
        var value = source.apply(key);
        return value == null || value.isEmpty() ? fallback : value;
    }

    /** The key that names the file of a secret, for {@link #secret} and {@link #secrets}. */
    public static String fileOf(String key) {
        return key + FILE;
    }

    /** A text, or that of a file, that is not repeated in any message; empty when neither is set. */
    public Optional<String> secret(String key, int leastLength) {
        var value = hidden(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.length() < leastLength) {
            problems.add("%s must have at least %d characters".formatted(key, leastLength));
        }
        return Optional.of(value);
    }

    private String hidden(String key) {
        var value = text(key, "");
        var file = text(fileOf(key), "");
        if (file.isEmpty()) {
            return value;
        }
        if (!value.isEmpty()) {
            problems.add("%s and %s are both set, and only one of them may be".formatted(key, fileOf(key)));
            return value;
        }
        try {
            return OperatorFile.secret(Path.of(file));
        } catch (UnfitFile e) {
            problems.add("%s: %s".formatted(fileOf(key), e.getMessage()));
            return "";
        }
    }

    /** Such texts between commas, without the space around them; none when it is not set. */
    public List<String> secrets(String key, int leastLength) {
        var value = hidden(key);
        if (value.isEmpty()) {
            return List.of();
        }
        var texts = Arrays.stream(value.split(",", -1)).map(String::strip).toList();
        if (texts.stream().anyMatch(text -> text.length() < leastLength)) {
            problems.add(
                    "%s must have at least %d characters, and between commas each part".formatted(key, leastLength));
        }
        return texts;
    }

    /** A whole number from {@code least} to {@code most}. */
    public int integer(String key, int fallback, int least, int most) {
        var value = source.apply(key);
        if (value == null || value.isEmpty()) {
            return fallback;
        }
        try {
            var number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, with the range.
        }
        problems.add("%s is '%s' and must be a whole number from %d to %d".formatted(key, value, least, most));
        return fallback;
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** One name: letters, digits, dashes and underscores, 64 at most; empty when it is not set. */
    public Optional<String> name(String key) {
        var value = text(key, "");
        if (value.isEmpty() || NAME.matcher(value).matches()) {
            return Optional.of(value).filter(name -> !name.isEmpty());
        }
        problems.add(
                "%s is '%s' and must be letters, digits, dashes and underscores, 64 at most".formatted(key, value));
        return Optional.empty();
    }

    /** Names that stand between commas: letters, digits, dashes and underscores, 64 at most, each once. */
    public List<String> names(String key) {
        var value = source.apply(key);
        if (value == null || value.isEmpty()) {
            return List.of();
        }
        var names = List.of(value.split(",", -1));
        if (!names.stream().allMatch(name -> NAME.matcher(name).matches())
                || new HashSet<>(names).size() < names.size()) {
            problems.add("%s is '%s' and must be names between commas, each once".formatted(key, value));
            return List.of();
        }
        return names;
    }

    /**
     * What stands between commas, without the space around it; nothing when it is not set.
     *
     * @param parse throws an {@link IllegalArgumentException} that says what is wrong
     */
    public <T> List<T> list(String key, Function<String, T> parse) {
        return list(key, ",", parse);
    }

    /** The same, of what stands between others than commas. */
    <T> List<T> list(String key, String separator, Function<String, T> parse) {
        var parsed = new ArrayList<T>();
        for (var text : text(key, "").split(separator, -1)) {
            try {
                if (!text.isBlank()) {
                    parsed.add(parse.apply(text.strip()));
                }
            } catch (IllegalArgumentException e) {
                problems.add("%s has '%s': %s".formatted(key, text.strip(), e.getMessage()));
            }
        }
        return List.copyOf(parsed);
    }

    /**
     * What {@code parse} makes of a text.
     *
     * @param parse throws an {@link IllegalArgumentException} that says what is wrong
     */
    public <T> T parsed(String key, T fallback, Function<String, T> parse) {
        var value = text(key, "");
        try {
            return value.isEmpty() ? fallback : parse.apply(value);
        } catch (IllegalArgumentException e) {
            problems.add("%s is '%s': %s".formatted(key, value, e.getMessage()));
            return fallback;
        }
    }

    /** One of an enumeration's names, in upper or lower case. */
    public <E extends Enum<E>> E oneOf(String key, E fallback, E[] values) {
        var value = source.apply(key);
        if (value == null || value.isEmpty()) {
            return fallback;
        }
        for (var candidate : values) {
            if (candidate.name().equalsIgnoreCase(value)) {
                return candidate;
            }
        }
        problems.add("%s is '%s' and must be one of %s".formatted(key, value, List.of(values)));
        return fallback;
    }

    /** Notes a problem that a reader of these settings found, as a sentence. */
    void refuse(String problem) {
        problems.add(problem);
    }

    /** Refuses one of two keys that mean nothing without each other. */
    public void bothOrNone(String one, String other) {
        if (text(one, "").isEmpty() != text(other, "").isEmpty()) {
            problems.add("%s and %s are set together or not at all".formatted(one, other));
        }
    }

    /** Refuses keys that start with {@code PHOTON_} and that no component reads: most are misspelt. */
    public void refuseUnknown(Set<String> present, Set<String> known) {
        for (var key : present) {
            if (key.startsWith(PREFIX) && !known.contains(key)) {
                problems.add("%s is not a setting; there are %s".formatted(key, known));
            }
        }
    }

    /**
     * @throws IllegalArgumentException that names every problem found so far
     */
    public void check() {
        if (!problems.isEmpty()) {
            // Several components may read one key.
            throw new IllegalArgumentException(problems.stream().distinct().collect(Collectors.joining("; ")));
        }
    }
}
