package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.KafkaConnection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsumersTest {
    private static final RecordLoop.Subscription SUBSCRIPTION = new RecordLoop.Subscription(
            "topic", "group", "client", Map.of("group.protocol", "classic"), Optional.empty(), Duration.ZERO);

    private final Vertx vertx = Vertx.vertx();
    private final Consumers consumers = new Consumers(
            vertx, new KafkaConnection("127.0.0.1:1"), SUBSCRIPTION, CallLane.lanes((source, work) -> {}, 1));

    @AfterEach
    void close() {
        join(vertx.close());
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    /** In a context whose blocking code is done in order, as an executor closes what did not start. */
    @Test
    void leaveAlthoughKafkaHasNeverLetThemIn() {
        var joining = join(vertx.executeBlocking(() -> {
            var change = consumers.scale(2);
            consumers.close();
            return change;
        }));

        assertThat(joining.failed()).isTrue();
        assertThat(consumers.loops()).isEmpty();
        assertThat(consumers.size()).isZero();
    }

    @Test
    void aChangeThatGoesOnIsTheOnlyOne() {
        var joining = consumers.scale(1);

        assertThat(consumers.steady()).isFalse();
        assertThat(consumers.scale(5)).isSameAs(joining);
        assertThat(consumers.loops()).hasSize(1);

        consumers.close();
    }
}
