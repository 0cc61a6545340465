package dev.photon.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** One file that everybody asks for. */
record StaticFile(String name, String title, Side server) implements Scenario {
    private static final int BYTES = 16 << 10;
    private static final String FILE = "file.bin";
    private static final int ATTEMPTS = 200;

    /** What serves it. */
    interface Side {
        /**
         * @param file lies in a folder of its own
         */
        Served start(Bench bench, Path file) throws Skipped, IOException, InterruptedException;
    }

    record Served(ServerProcess process, URI url) implements AutoCloseable {
        @Override
        public void close() {
            process.close();
        }
    }

    @Override
    public void measure(Bench bench, Results results) throws Skipped, IOException, InterruptedException {
        var content = new byte[BYTES];
        new Random(1).nextBytes(content);
        var file = Files.write(bench.newFolder().resolve(FILE), content);
        try (var served = server.start(bench, file)) {
            check(served, content);
            HttpLevels.measure(bench, name, served.process(), Wrk.get(bench, served.url()), results);
            check(served, content);
        }
    }

    private static void check(Served served, byte[] content) throws IOException, InterruptedException {
        try (var client = Http.client()) {
            for (int attempt = 0; attempt < ATTEMPTS && served.process().isAlive(); attempt++) {
                try {
                    var answer = client.send(Http.get(served.url()), HttpResponse.BodyHandlers.ofByteArray());
                    Http.expectOk(answer);
                    if (!Arrays.equals(answer.body(), content)) {
                        throw new IOException(served.url() + " answered something else");
                    }
                    return;
                } catch (ConnectException notYet) {
                    Thread.sleep(50);
                }
            }
        }
        throw served.process().failure("did not answer");
    }

    static Served photon(Bench bench, Path file) throws Skipped, IOException, InterruptedException {
        var up = EndToEnd.up(bench);
        var ingress = up.awaitReady();
        var archive = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(archive)) {
            zip.putNextEntry(new ZipEntry(FILE));
            Files.copy(file, zip);
        }
        Http.deploy(ingress, "staticAssets", "name = \"site\"\nversion = \"1.0.0\"\n", archive.toByteArray());
        return new Served(up, ingress.resolve("/fn/site/" + FILE));
    }

    static Served vertx(Bench bench, Path file) throws IOException, InterruptedException {
        var server = bench.startJava(HttpFile.class, List.of(file.toString()));
        return new Served(server, server.awaitReady());
    }

    static Served nginx(Bench bench, Path file) throws Skipped, IOException {
        var port = Ports.free();
        var folder = bench.newFolder();
        // The workers of a root's nginx are somebody else, who must be able to read the file.
        Files.writeString(folder.resolve("nginx.conf"), """
                user root;
                worker_processes auto;
                daemon off;
                pid nginx.pid;
                error_log stderr;
                events { worker_connections 1024; }
                http {
                  access_log off;
                  sendfile on;
                  tcp_nopush on;
                  keepalive_requests 1000000000;
                  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                  server { listen 127.0.0.1:%d; root %s; }
                }
                """.formatted(port, file.getParent()));
        try {
            var command = List.of("nginx", "-p", folder.toString(), "-c", "nginx.conf");
            return new Served(bench.start("nginx", command), URI.create("http://127.0.0.1:" + port + "/" + FILE));
        } catch (IOException e) {
            throw new Skipped("nginx is not there (" + e.getMessage() + ")");
        }
    }
}
