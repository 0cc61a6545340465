package dev.photon.cli.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Header;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a function is called with, wherever it runs. */
public final class CallOptions {
    @Option(names = "--data", description = "The body")
    Optional<String> data = Optional.empty();

    @Option(names = "--file", description = "A file with the body")
    Optional<Path> file = Optional.empty();

    @Option(names = "--header", description = "A field, 'name: value'; may be repeated")
    List<String> headers = List.of();

    /**
     * @throws IllegalArgumentException when one is none
     */
    public List<Header> headers() {
        return headers.stream().map(RequestHeader::parse).toList();
    }

    public byte[] body() throws IOException {
        return file.isPresent()
                ? Files.readAllBytes(file.get())
                : data.orElse("").getBytes(UTF_8);
    }
}
