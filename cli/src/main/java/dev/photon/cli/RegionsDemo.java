package dev.photon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code faas demo --regions}: what is deployed in one region answers in all, also when that one is gone. */
final class RegionsDemo {
    private static final List<String> NAMES = List.of("us-east", "eu-west", "ap-south");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration LOOK = Duration.ofMillis(20);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path examples;

    RegionsDemo(Path examples) {
        this.examples = examples;
    }

    void run() throws IOException, InterruptedException {
        try (var running = new Stack()) {
            var began = System.nanoTime();
            var folder = running.push(new TemporaryFolder()).path();
            var regions = running.push(LocalRegions.start(NAMES, folder, 0, 0, Map.of()));
            say("started", "three regions, each with its broker: " + NAMES, began);
            var us = regions.all().get(0);
            var eu = regions.all().get(1);
            var ap = regions.all().get(2);
            deploy(us, "hello");
            call(eu, "/fn/hello?name=Ada");
            call(ap, "/fn/hello?name=Ada");
            var stopping = System.nanoTime();
            us.close();
            say("stopped " + us.name(), "with its broker and all that it had", stopping);
            call(eu, "/fn/hello?name=Grace");
            deploy(ap, "json-stats");
            call(eu, "/fn/json-stats");
        }
        System.out.println("done: everything is stopped and removed");
    }

    private void deploy(LocalRegions.LocalRegion region, String name) throws IOException, InterruptedException {
        var began = System.nanoTime();
        var folder = examples.resolve(name);
        var form = new MultipartForm()
                .file("functionFile", name + ".wasm", Files.readAllBytes(folder.resolve(name + ".wasm")))
                .file("photoniqToml", "photoniq.toml", Files.readAllBytes(folder.resolve("photoniq.toml")));
        var request = HttpRequest.newBuilder(URI.create(region.url() + "/api/faas/v1/deploy"))
                .header("content-type", form.contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.finish()))
                .build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("deploying " + name + " answered " + answer.body());
        }
        say("deployed in " + region.name(), answer.body(), began);
    }

    /** Until it is answered: a deployment takes a moment from region to region. */
    private void call(LocalRegions.LocalRegion region, String path) throws IOException, InterruptedException {
        var began = System.nanoTime();
        var request = HttpRequest.newBuilder(URI.create(region.url() + path))
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString("[3, 1, 4, 1, 5]"))
                .build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
        while (answer.statusCode() != 200 && System.nanoTime() - began < PATIENCE.toNanos()) {
            Thread.sleep(LOOK);
            answer = http.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
        }
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + " in " + region.name() + " answered " + answer.body());
        }
        say("called in " + region.name() + ": " + path, answer.body().strip(), began);
    }

    private static void say(String what, String answer, long began) {
        var millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        System.out.printf("%-40s %5d ms  %s%n", what, millis, answer);
    }
}
