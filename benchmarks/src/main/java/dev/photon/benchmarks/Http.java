package dev.photon.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** The single calls around a measurement: deploying the function, and seeing that it answers right. */
final class Http {
    private static final String BOUNDARY = "photon-benchmark-boundary";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private Http() {}

    /** Deploys a function to an ingress. */
    static void deploy(URI ingress, String toml, byte[] module) throws IOException, InterruptedException {
        deploy(ingress, "functionFile", toml, module);
    }

    /**
     * @param name of the form's part that has the content
     */
    static void deploy(URI ingress, String name, String toml, byte[] content) throws IOException, InterruptedException {
        var form = new ByteArrayOutputStream();
        part(form, name + "\"; filename=\"" + name, content);
        part(form, "photoniqToml\"; filename=\"photoniq.toml", toml.getBytes(StandardCharsets.UTF_8));
        form.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        var request = request(ingress.resolve("/api/faas/v1/deploy"), form.toByteArray())
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
        var answer = send(request.build());
        if (answer.statusCode() != 200) {
            throw new IOException("the deployment was answered with " + answer.statusCode() + ": "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
    }

    private static void part(ByteArrayOutputStream form, String name, byte[] content) {
        form.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        form.writeBytes(content);
        form.writeBytes(new byte[] {'\r', '\n'});
    }

    /** Calls once, and fails when the answer is not the request's body. */
    static void check(URI url) throws IOException, InterruptedException {
        var answer = send(echo(url));
        if (answer.statusCode() != 200 || !Arrays.equals(answer.body(), EchoGuest.body())) {
            throw new IOException(url + " does not echo but answers " + answer.statusCode() + ": "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
    }

    /** A call of the echo. */
    static HttpRequest echo(URI url) {
        return request(url, EchoGuest.body())
                .header("Content-Type", "application/octet-stream")
                .build();
    }

    static void expectOk(HttpResponse<byte[]> answer) throws IOException {
        if (answer.statusCode() != 200) {
            throw new IOException(answer.uri() + " answered " + answer.statusCode() + ": "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
    }

    static HttpRequest post(URI url, String body) {
        return request(url, body.getBytes(StandardCharsets.UTF_8)).build();
    }

    static HttpRequest get(URI url) {
        return HttpRequest.newBuilder(url).timeout(PATIENCE).build();
    }

    static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static HttpRequest.Builder request(URI url, byte[] body) {
        return HttpRequest.newBuilder(url).timeout(PATIENCE).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    private static HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        try (var client = client()) {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }
    }
}
