package dev.photon.ingress;

import dev.photon.ingress.overflow.OtherRegion;
import dev.photon.ingress.overflow.TestingHearsay;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The ingress of region {@code here}, which forwards all calls: to the regions in the order they were named. */
final class TestingOverflow implements AutoCloseable {
    /** Nobody listens there. */
    static final String NOBODY = "nobody kafka:9092 http://127.0.0.1:1";

    /** Shorter than in the product. */
    private static final Duration SILENCE = Duration.ofMillis(200);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Connections connections = new Connections(TestingServer.config(Optional.empty()));
    private final Vertx vertx = connections.vertx(new VertxOptions());
    private final Admission admission = new Admission(100, 100);
    private final TestingHearsay hearsay = new TestingHearsay();
    private final AtomicBoolean late = new AtomicBoolean();
    private final Overflow overflow;
    private final HttpServer server;
    /** As in the product. */
    private final HttpListener listener;

    private volatile long millis = 60_000;
    private volatile Optional<Leaving.LastResort> lastResort = Optional.empty();

    private TestingOverflow(Map<String, String> more, String... regions) {
        var values = new HashMap<>(more);
        values.put("PHOTON_REGION", "here");
        values.put("PHOTON_REGIONS", "here kafka:9092 http://here; " + String.join("; ", regions));
        var settings = new Settings(values::get);
        overflow = Overflow.open(
                vertx,
                RegionConfig.read(settings),
                IngressConfig.read(settings),
                new Overflow.Sight(hearsay, (pool, wanted) -> late.get(), SILENCE),
                meters);
        server = vertx.createHttpServer().requestHandler(this::forward);
        TestingServer.join(server.listen(0, "127.0.0.1"));
        listener = new HttpListener(
                vertx, new HttpListener.Address("127.0.0.1", 0, 1), Optional.empty(), () -> this::forward);
        TestingServer.join(listener.listen());
    }

    static TestingOverflow to(String... regions) {
        return new TestingOverflow(Map.of(), regions);
    }

    static TestingOverflow trusting(String certificates, String... regions) {
        return new TestingOverflow(Map.of("PHOTON_REGIONS_CA", certificates), regions);
    }

    /** Where the operator's key is this one. */
    static TestingOverflow sealing(String key, String... regions) {
        return new TestingOverflow(Map.of("PHOTON_API_KEY", key), regions);
    }

    private void forward(HttpServerRequest request) {
        request.response().putHeader("photon-region", "here").putHeader("vary", "origin");
        var permit = admission.tryAdmit("shop").orElseThrow();
        var leaving = new Leaving(request, InvocationIds.next(), "1.0.0", millis, permit, lastResort);
        overflow.forward(leaving, overflow.others());
    }

    /** Has what no other region takes answered here, with the body's length. */
    TestingOverflow orHere() {
        lastResort = Optional.of(TestingOverflow::runHere);
        return this;
    }

    private static void runHere(Leaving call, TakenBody body, long millis) {
        var length = new AtomicLong();
        body.read(call.request(), part -> length.addAndGet(part.length()), () -> {
            call.request().response().end("here " + length);
            call.permit().close();
        });
    }

    /** What answers may take from now on. */
    TestingOverflow within(long answerMillis) {
        millis = answerMillis;
        return this;
    }

    TestingHearsay hearsay() {
        return hearsay;
    }

    /** Has this region late with all calls. */
    void late() {
        late.set(true);
    }

    Overflow overflow() {
        return overflow;
    }

    OtherRegion other(int index) {
        return overflow.others().get(index);
    }

    /** Whether nothing is under way, and nothing counted as if it were. */
    boolean isIdle() {
        return overflow.underWay() == 0 && admission.inFlight() == 0;
    }

    double count(String region, String outcome) {
        return meters.get("photon.ingress.forwarded")
                .tag("region", region)
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    Vertx vertx() {
        return vertx;
    }

    Connections connections() {
        return connections;
    }

    /** Of a listener that refuses what the product's does. */
    RawClient connectToListener() throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), listener.port()));
    }

    int port() {
        return server.actualPort();
    }

    RawClient connect() throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port()));
    }

    @Override
    public void close() {
        overflow.close();
        TestingServer.join(vertx.close());
    }
}
