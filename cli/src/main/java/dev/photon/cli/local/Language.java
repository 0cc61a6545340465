package dev.photon.cli.local;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What functions are written in here; each has a template, and a stock compiler where it needs one. */
enum Language {
    RUST,
    C,
    ASSEMBLYSCRIPT,
    /** Needs no compiler. */
    JS;

    /** Files that are the same for all. */
    static final List<String> SHARED = List.of("test.sh");

    private static final List<String> OF_EACH = List.of("photoniq.toml", "build.sh", "gitignore");

    /** As {@code photoniq.toml} and the command line have it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The template's files, as the resources are called. */
    List<String> files() {
        var own = switch (this) {
            case RUST -> List.of("main.rs");
            case C -> List.of("main.c");
            case JS -> List.of("main.js");
            case ASSEMBLYSCRIPT -> List.of("main.ts", "package.json", "package-lock.json", "npmrc");
        };
        return Stream.of(SHARED, OF_EACH, own).flatMap(List::stream).toList();
    }

    static Optional<Language> of(String word) {
        for (var language : values()) {
            if (language.word().equalsIgnoreCase(word)) {
                return Optional.of(language);
            }
        }
        return Optional.empty();
    }
}
