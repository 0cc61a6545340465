package dev.photon.protocol;

import java.util.Locale;
import java.util.Optional;

/** How severe a log line is, the most severe first. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    /** Whether a line of this level is kept where that one is the least severe that is. */
    public boolean isKeptAt(LogLevel least) {
        return compareTo(least) <= 0;
    }

    /** The level of that name, in upper or lower case. */
    public static Optional<LogLevel> of(String name) {
        for (var level : values()) {
            if (level.name().equals(name.toUpperCase(Locale.ROOT))) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }
}
