package dev.photon.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;

/**
 * A registry, an ingress and an executor as processes of their own, by the product's launcher, and functions of 150 KB
 * that are deployed to them. Confined to its thread.
 */
final class Region implements AutoCloseable {
    private static final String MODULE = "benchmarks/cold-start/words.wasm";
    private static final String BODY = "the log is the truth 1 2 3 and the rest is a view";

    private final RoleProcesses roles;
    private final byte[] module;
    private final HttpClient client = Http.client();
    private final URI ingress;
    private ServerProcess executor;
    private int deployed;

    Region(Bench bench) throws Skipped, IOException, InterruptedException {
        this.roles = new RoleProcesses(bench);
        this.module = Files.readAllBytes(bench.root().resolve(MODULE));
        roles.start("registry");
        this.ingress =
                roles.start("ingress", "--port", Integer.toString(Ports.free())).awaitReady();
        this.executor = roles.start("executor");
    }

    /** A function with a content of its own, and its address. */
    URI deploy() throws IOException, InterruptedException {
        var function = "cold-%d".formatted(deployed++);
        Http.deploy(ingress, "name = \"%s\"\nversion = \"1.0.0\"\n".formatted(function), marked(function));
        return ingress.resolve("/fn/" + function);
    }

    /** With a custom section (WebAssembly Core Specification 2.0, 5.5.3), so that the digest is another. */
    private byte[] marked(String mark) {
        var section = mark.getBytes(UTF_8);
        var marked = ByteBuffer.allocate(module.length + section.length + 3);
        return marked.put(module)
                .put((byte) 0)
                .put((byte) (section.length + 1))
                .put((byte) section.length)
                .put(section)
                .array();
    }

    /** Calls a function once, and returns the milliseconds that it took. */
    double call(URI function) throws IOException, InterruptedException {
        var began = System.nanoTime();
        Http.expectOk(client.send(Http.post(function, BODY), HttpResponse.BodyHandlers.ofByteArray()));
        return millisSince(began);
    }

    /** Milliseconds from the start of another executor's process to its first answer. */
    double restart(URI function) throws IOException, InterruptedException {
        executor.close();
        var began = System.nanoTime();
        executor = roles.start("executor");
        call(function);
        return millisSince(began);
    }

    /** The next executor finds nothing on disk. */
    void emptyCache() throws IOException {
        roles.emptyCache();
    }

    ServerProcess executor() {
        return executor;
    }

    static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    @Override
    public void close() {
        client.close();
        roles.close();
    }
}
