package dev.photon.executor.outbound;

import dev.photon.executor.outbound.OutboundResult.Kind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/** From a hop to a connection that may serve it, pooled or new. Thread-safe. */
final class Connector implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int HEAD_BYTES = 32 << 10;
    private static final int PER_ADDRESS = 64;
    private static final int WAITING_PER_ADDRESS = 256;
    /** Connections beyond these serve one request each, so idle ones are bounded however many hosts guests call. */
    static final int MOST_KEPT = 512;

    private final Resolver resolver;
    private final AddressRules rules;
    private final HttpClient http;
    private final AtomicInteger open = new AtomicInteger();

    Connector(Vertx vertx, HttpClientOptions options, Resolver resolver, AddressRules rules) {
        this.resolver = resolver;
        this.rules = rules;
        var pool = new PoolOptions()
                .setHttp1MaxSize(PER_ADDRESS)
                .setMaxWaitQueueSize(WAITING_PER_ADDRESS)
                // A server may ask for a longer keep-alive than ours, but gets no more than this.
                .setMaxLifetime(60)
                .setMaxLifetimeUnit(TimeUnit.SECONDS);
        http = vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                .withConnectHandler(this::count)
                .build();
    }

    /** HTTP/1.1; certificates and host names are verified, by the JDK's trust store. */
    static HttpClientOptions options() {
        return new HttpClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setSslHandshakeTimeout(CONNECT_MILLIS)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAliveTimeout(10)
                .setMaxHeaderSize(HEAD_BYTES);
    }

    private void count(HttpConnection connection) {
        open.incrementAndGet();
        // What a server breaks is the call's failure; without a handler it would fill our log.
        connection.exceptionHandler(failure -> {});
        connection.closeHandler(closed -> open.decrementAndGet());
    }

    /**
     * Called on the given context, and completes there.
     *
     * @param cancelled completes when nobody waits any more
     */
    Future<HttpClientRequest> connect(Hop hop, Context context, Future<Void> cancelled) {
        return addresses(hop.to().host(), context, cancelled).compose(addresses -> first(hop, addresses));
    }

    /** All of its addresses: where one of them is refused, the name is suspect as a whole. */
    private Future<List<InetAddress>> addresses(Host host, Context context, Future<Void> cancelled) {
        var found = host.address()
                .map(address -> Future.succeededFuture(List.of(address)))
                .orElseGet(() -> lookUp(host.text(), context, cancelled));
        return found.compose(addresses -> addresses.stream().allMatch(rules::permit)
                ? Future.succeededFuture(addresses)
                : failed(Kind.ADDRESS_REFUSED, host.text() + " has an address that may not be called"));
    }

    private Future<List<InetAddress>> lookUp(String name, Context context, Future<Void> cancelled) {
        var lookup = resolver.resolve(name);
        cancelled.onComplete(ended -> lookup.cancel(false));
        return Future.fromCompletionStage(lookup, context)
                .recover(failure -> failed(Kind.UNRESOLVED, "no address was found for " + name));
    }

    /** The first address that can be connected to; nothing has been sent until then. */
    private Future<HttpClientRequest> first(Hop hop, List<InetAddress> addresses) {
        var rest = addresses.subList(1, addresses.size());
        return connect(hop, addresses.getFirst())
                .recover(failure -> rest.isEmpty() ? Future.failedFuture(failure) : first(hop, rest));
    }

    private Future<HttpClientRequest> connect(Hop hop, InetAddress address) {
        var options = hop.options()
                .setServer(SocketAddress.inetSocketAddress(hop.to().port(), address.getHostAddress()))
                .setConnectTimeout(CONNECT_MILLIS);
        if (open.get() >= MOST_KEPT) {
            options.addHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        return http.request(options).recover(failure -> failed(Kind.CONNECT_FAILED, reason(failure, hop)));
    }

    private static String reason(Throwable failure, Hop hop) {
        var origin = hop.to().origin();
        return switch (failure) {
            case ConnectionPoolTooBusyException busy -> "too many calls wait for a connection to " + origin;
            case SSLException refused -> "there is no trusted connection to " + origin + ": " + refused.getMessage();
            default -> "no connection to " + origin + " could be made";
        };
    }

    private static <T> Future<T> failed(Kind kind, String reason) {
        return Future.failedFuture(new CallFailed(kind, reason));
    }

    @Override
    public void close() {
        http.close();
        resolver.close();
    }
}
