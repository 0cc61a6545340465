package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopClientsTest {
    private static final int LOOPS = 2;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS));
    private final LoopClients clients = new LoopClients(vertx, LOOPS, new HttpClientOptions(), new PoolOptions());

    @AfterEach
    void close() throws Exception {
        clients.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void eachEventLoopHasAClientOfItsOwn() throws Exception {
        var first = ((VertxInternal) vertx).createEventLoopContext();
        var second = ((VertxInternal) vertx).createEventLoopContext();

        var ofFirst = clientOn(first);

        assertThat(first.nettyEventLoop()).isNotSameAs(second.nettyEventLoop());
        assertThat(clientOn(first)).isSameAs(ofFirst);
        assertThat(clientOn(second)).isNotSameAs(ofFirst);
    }

    @Test
    void moreThreadsThanClientsShareThem() throws Exception {
        var ofFirst = clientOn(((VertxInternal) vertx).createEventLoopContext());
        var ofSecond = clientOn(((VertxInternal) vertx).createEventLoopContext());

        assertThat(clients.ofThisLoop()).isIn(ofFirst, ofSecond);
    }

    private HttpClient clientOn(Context loop) throws Exception {
        var client = new CompletableFuture<HttpClient>();
        loop.runOnContext(now -> client.complete(clients.ofThisLoop()));
        return client.get(10, TimeUnit.SECONDS);
    }
}
