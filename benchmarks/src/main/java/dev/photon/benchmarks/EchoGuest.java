package dev.photon.benchmarks;

import dev.photon.protocol.Header;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The function that all scenarios run, as a command and as an http-wasm handler, and its request: it answers the body. */
final class EchoGuest {
    static final String NAME = "echo";
    static final String TOML = "name = \"echo\"\nversion = \"1.0.0\"\n";
    static final String COMMAND = "e2e/src/test/resources/guests/echo.wasm";
    static final String HANDLER = "e2e/src/test/resources/guests/handler-echo.wasm";

    /** What a client of HTTP/1.1 sends with it. */
    static final List<Header> HEADERS = List.of(
            new Header("host", "127.0.0.1:8080"),
            new Header("content-type", "application/octet-stream"),
            new Header("content-length", "256"));

    private static final int BODY_BYTES = 256;

    private EchoGuest() {}

    /** What {@code wrk.lua} sends too. */
    static byte[] body() {
        var body = new byte[BODY_BYTES];
        Arrays.fill(body, (byte) 'x');
        return body;
    }

    static byte[] module(Path root, String module) throws IOException {
        return Files.readAllBytes(root.resolve(module));
    }

    /** The repository, as {@code run.sh} gives it to every process. */
    static Path root() {
        return Path.of(System.getProperty("photon.root", ""));
    }
}
