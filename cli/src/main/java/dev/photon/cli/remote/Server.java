package dev.photon.cli.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The region's REST API, version 1. Failures are {@link RemoteFailure}s. */
public final class Server {
    private static final String API = "/api/faas/v1";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(16);
    private static final String LOCAL = "http://127.0.0.1:8080";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--url",
            description = "Where the region serves (API_URL, or as kept by faas login; default: " + LOCAL
                    + "); of several, with commas between them, the nearest is taken")
    Optional<String> url = Optional.empty();

    private Optional<String> handedOn = Optional.empty();
    /** Once there was a choice. */
    private Optional<String> chosen = Optional.empty();

    /** The one at this address, whatever the command line and the environment say. */
    public static Server of(String url) {
        var server = new Server();
        server.url = Optional.of(url);
        return server;
    }

    /** The same, with a key for it. */
    static Server of(String url, String key) {
        var server = of(url);
        server.handedOn = Optional.of(key);
        return server;
    }

    /** Another region, of which this one told us, and which takes the same key. */
    Server elsewhere(String other) throws IOException {
        var server = of(other);
        server.handedOn = key();
        return server;
    }

    /** Whether somebody said where it is. */
    public boolean isConfigured() throws IOException {
        return said().isPresent() || Login.stored().isPresent();
    }

    /** A path below the API, its segments as they are. */
    public URI at(String... segments) throws IOException {
        var path = new StringBuilder(API);
        for (var segment : segments) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                // It would be another path: that of all versions, say.
                throw new RemoteFailure(RemoteFailure.REFUSED, "'" + segment + "' is no name or version");
            }
            path.append('/').append(URLEncoder.encode(segment, UTF_8).replace("+", "%20"));
        }
        try {
            return URI.create(base().replaceAll("/+$", "") + path);
        } catch (IllegalArgumentException e) {
            throw new RemoteFailure(RemoteFailure.REFUSED, "'" + base() + "' is not a URL");
        }
    }

    /**
     * Its address. Where several were named, they are asked at the first call which is the nearest.
     *
     * @throws RemoteFailure when none of several answers
     */
    public String base() throws IOException {
        if (chosen.isEmpty()) {
            var said = said();
            var named = Login.addresses(
                    said.isPresent()
                            ? said.get()
                            : Login.stored().map(Login::url).orElse(LOCAL));
            chosen = Optional.of(named.size() == 1 ? named.getFirst() : Nearest.of(named, API + "/serving"));
        }
        return chosen.get();
    }

    private Optional<String> said() {
        return url.or(() -> Optional.ofNullable(System.getenv("API_URL")));
    }

    /** {@code API_KEY}, or the one that was kept for this address. */
    private Optional<String> key() throws IOException {
        var said = handedOn.or(() -> Optional.ofNullable(System.getenv("API_KEY")));
        var base = base();
        var key = said.isPresent()
                ? said
                : Login.stored().filter(login -> login.leadsTo(base)).map(Login::key);
        return key.filter(text -> !text.isEmpty());
    }

    public JsonNode get(URI at) throws IOException, InterruptedException {
        return json(HttpRequest.newBuilder(at).GET());
    }

    public JsonNode delete(URI at) throws IOException, InterruptedException {
        return json(HttpRequest.newBuilder(at).DELETE());
    }

    JsonNode post(URI at, JsonNode body) throws IOException, InterruptedException {
        return json(HttpRequest.newBuilder(at)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    JsonNode post(URI at) throws IOException, InterruptedException {
        return json(HttpRequest.newBuilder(at).POST(BodyPublishers.noBody()));
    }

    JsonNode put(URI at, JsonNode body) throws IOException, InterruptedException {
        return json(HttpRequest.newBuilder(at)
                .header("content-type", "application/json")
                .PUT(BodyPublishers.ofString(body.toString())));
    }

    /** The body is the text as it is. */
    public JsonNode put(URI at, byte[] text) throws IOException, InterruptedException {
        return json(HttpRequest.newBuilder(at)
                .header("content-type", "text/plain; charset=utf-8")
                .PUT(BodyPublishers.ofByteArray(text)));
    }

    /**
     * Into a file, which is there when all of it is.
     *
     * @param to the file, for a script or not; in the same folder
     */
    void download(URI at, Function<Boolean, Path> to) throws IOException, InterruptedException {
        var module = to.apply(false);
        var partial =
                Files.createFile(module.resolveSibling(module.getFileName() + "." + UUID.randomUUID() + ".partial"));
        try {
            var answer = accepted(send(
                    HttpRequest.newBuilder(at).GET(),
                    head -> head.statusCode() == 200
                            ? BodySubscribers.mapping(
                                    BodySubscribers.ofFile(partial, StandardOpenOption.WRITE), file -> new byte[0])
                            : BodySubscribers.ofByteArray()));
            var type = answer.headers().firstValue("content-type").orElse("");
            Files.move(partial, to.apply(type.startsWith("text/javascript")), StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    /** The static files of the latest version, if it has some. */
    Optional<JsonNode> assets(String name) throws IOException, InterruptedException {
        var answer = send(HttpRequest.newBuilder(at("function", name, "assets")).GET());
        return answer.statusCode() == 404
                ? Optional.empty()
                : Optional.of(JSON.readTree(accepted(answer).body()));
    }

    /**
     * @param archive a zip of static files
     */
    JsonNode deploy(Optional<Path> module, Optional<Path> archive, String toml)
            throws IOException, InterruptedException {
        var boundary = UUID.randomUUID().toString();
        return json(HttpRequest.newBuilder(at("deploy"))
                .header("content-type", "multipart/form-data; boundary=" + boundary)
                .POST(form(boundary, module, archive, toml)));
    }

    private static BodyPublisher form(String boundary, Optional<Path> module, Optional<Path> archive, String toml)
            throws IOException {
        var parts = new ArrayList<BodyPublisher>();
        if (module.isPresent()) {
            parts.add(BodyPublishers.ofString(partHead(boundary, "functionFile")));
            parts.add(UploadProgress.of(BodyPublishers.ofFile(module.get())));
            parts.add(BodyPublishers.ofString("\r\n"));
        }
        if (archive.isPresent()) {
            parts.add(BodyPublishers.ofString(partHead(boundary, "staticAssets")));
            parts.add(UploadProgress.of(BodyPublishers.ofFile(archive.get())));
            parts.add(BodyPublishers.ofString("\r\n"));
        }
        parts.add(BodyPublishers.ofString(partHead(boundary, "photoniqToml") + toml + "\r\n--" + boundary + "--\r\n"));
        return BodyPublishers.concat(parts.toArray(BodyPublisher[]::new));
    }

    private static String partHead(String boundary, String name) {
        return "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n\r\n"
                .formatted(boundary, name, name);
    }

    private JsonNode json(HttpRequest.Builder request) throws IOException, InterruptedException {
        return JSON.readTree(accepted(send(request)).body());
    }

    private static HttpResponse<byte[]> accepted(HttpResponse<byte[]> answer) throws RemoteFailure {
        if (answer.statusCode() < 300) {
            return answer;
        }
        throw failure(answer);
    }

    /** The answer whatever its status, as long as there is one. */
    HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return send(request, BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request, BodyHandler<byte[]> body)
            throws IOException, InterruptedException {
        key().ifPresent(key -> request.setHeader("authorization", "apikey " + key));
        try (var http = client()) {
            return http.send(request.timeout(PATIENCE).build(), body);
        } catch (IOException e) {
            throw unreachable(base(), e);
        }
    }

    /**
     * Reads an answer of JSON objects, one to a line, while it is written.
     *
     * @throws RemoteFailure also when it ends before its reader had the last one
     */
    void lines(URI at, JsonNode body, AnswerLines.Reader reader) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(at)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()));
        key().ifPresent(key -> request.setHeader("authorization", "apikey " + key));
        AnswerLines.read(client(), request.build(), base(), reader);
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .build();
    }

    static RemoteFailure unreachable(String base, Throwable failure) {
        var reason = failure.getMessage() == null ? "not reachable" : failure.getMessage();
        return new RemoteFailure(RemoteFailure.UNAVAILABLE, "no answer from " + base + ": " + reason);
    }

    /** What a problem document (RFC 9457) says, or the bare status. */
    static RemoteFailure failure(HttpResponse<byte[]> answer) {
        return failure(answer.statusCode(), answer.body());
    }

    static RemoteFailure failure(int status, byte[] body) {
        return RemoteFailure.ofStatus(status, detail(body, "the server answered " + status));
    }

    private static String detail(byte[] body, String otherwise) {
        try {
            return JSON.readTree(body).path("detail").asText(otherwise);
        } catch (IOException e) {
            return otherwise;
        }
    }
}
