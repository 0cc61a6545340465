package dev.photon.executor.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Header;
import dev.photon.registry.Manifest;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Servers on the loopback interface, a client that the operator lets call them, and names for them. */
final class TestingOutbound implements AutoCloseable {
    static final int ANSWER_BYTES = 100_000;
    static final Duration PLENTY = Duration.ofSeconds(60);
    private static final Set<String> METHODS = Set.of("DELETE", "GET", "HEAD", "POST", "PUT");

    final Vertx vertx = Vertx.vertx();
    final TestingResolver resolver = new TestingResolver();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    private OutboundClient client = client(Connector.options(), "127.0.0.1/32");
    private OutboundPolicy policy = OutboundPolicy.of(Manifest.Outbound.NONE);
    private Optional<String> traceparent = Optional.empty();
    private String invocation = "first";

    private OutboundClient client(HttpClientOptions options, String... allowed) {
        return client(options, resolver, allowed);
    }

    private OutboundClient client(HttpClientOptions options, Resolver names, String... allowed) {
        return new OutboundClient(
                vertx,
                options,
                names,
                Stream.of(allowed).map(AddressRange::parse).toList());
    }

    /** What the operator allows instead of 127.0.0.1. */
    TestingOutbound operatorAllows(String... ranges) {
        return with(Connector.options(), ranges);
    }

    TestingOutbound with(HttpClientOptions options, String... ranges) {
        client.close();
        client = client(options, ranges);
        return this;
    }

    /** Asks a real name server, with what the operator allows instead of 127.0.0.1. */
    TestingOutbound asks(TestingNameServer server, String... ranges) {
        client.close();
        client = client(
                Connector.options(), new DnsResolver(new SingletonDnsServerAddressStreamProvider(server.at())), ranges);
        return this;
    }

    /** What the manifest allows: plain http to these hosts, with every common method. */
    TestingOutbound allows(String... hosts) {
        return manifest(new Manifest.Outbound(METHODS, List.of(hosts), true));
    }

    TestingOutbound manifest(Manifest.Outbound manifest) {
        policy = OutboundPolicy.of(manifest);
        return this;
    }

    TestingOutbound traceparent(String text) {
        traceparent = Optional.of(text);
        return this;
    }

    /** What the runs to come are of. */
    TestingOutbound invocation(String id) {
        invocation = id;
        return this;
    }

    /** A server on 127.0.0.1; returns its port. */
    int serve(Handler<HttpServerRequest> handler) {
        return serve(new HttpServerOptions(), handler);
    }

    int serve(HttpServerOptions options, Handler<HttpServerRequest> handler) {
        return vertx.createHttpServer(options)
                .connectionHandler(connection -> {
                    connections.incrementAndGet();
                    connection.closeHandler(gone -> closed.incrementAndGet());
                })
                .requestHandler(handler)
                .listen(0, "127.0.0.1")
                .map(HttpServer::actualPort)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    OutboundResult get(String url) throws InterruptedException {
        return send(request("GET", url), PLENTY);
    }

    OutboundResult send(OutboundRequest request, Duration timeout) throws InterruptedException {
        return calls(1).send(request, timeout);
    }

    OutboundCalls calls(int most) {
        return client.calls(policy, most, ANSWER_BYTES, Cause.of("region-1", "fn", invocation, traceparent));
    }

    static OutboundRequest request(String method, String url, Header... headers) {
        return new OutboundRequest(method, url, List.of(headers), new byte[0], OutboundRequest.Redirects.FOLLOW);
    }

    /** Status and body in one text, or the failure's kind. */
    static String summary(OutboundResult result) {
        return switch (result) {
            case OutboundResult.Response response -> response.status() + " " + new String(response.body(), UTF_8);
            case OutboundResult.Failure failure -> failure.kind().name();
        };
    }

    @Override
    public void close() {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
