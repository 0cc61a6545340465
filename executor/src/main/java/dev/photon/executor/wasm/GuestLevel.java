package dev.photon.executor.wasm;

import dev.photon.protocol.LogLevel;

/** The numbers that guests give to log levels: those of the http-wasm handler ABI ("log"). */
final class GuestLevel {
    private GuestLevel() {}

    static LogLevel of(int number) {
        return switch (number) {
            case 0 -> LogLevel.INFO;
            case 1 -> LogLevel.WARN;
            default -> number < 0 ? LogLevel.DEBUG : LogLevel.ERROR;
        };
    }
}
