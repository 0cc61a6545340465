package dev.photon.executor.outbound;

import dev.photon.executor.outbound.OutboundResult.Kind;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a process makes its functions' calls with: one pool of connections, one resolver. Thread-safe. */
public final class OutboundClient implements AutoCloseable {
    /** The longest body of an answer that a function gets. */
    public static final int ANSWER_BYTES = 4 << 20;

    private final Vertx vertx;
    private final Connector connector;

    /**
     * @param allowed addresses that functions may call although they are not of the public Internet
     */
    public OutboundClient(Vertx vertx, List<AddressRange> allowed) {
        this(vertx, Connector.options(), new DnsResolver(), allowed);
    }

    OutboundClient(Vertx vertx, HttpClientOptions options, Resolver resolver, List<AddressRange> allowed) {
        this.vertx = vertx;
        this.connector = new Connector(vertx, options, resolver, new AddressRules(allowed));
    }

    /**
     * The calls of one run.
     *
     * @param most calls that the run may make, at least 0
     * @param answerBytes the longest body of an answer
     * @param cause told in headers, unless the guest sends its own
     */
    public OutboundCalls calls(OutboundPolicy policy, int most, int answerBytes, Cause cause) {
        return new CountedCalls(this, policy, most, answerBytes, cause);
    }

    OutboundResult send(Call.Terms terms, Hop first, Duration timeout) throws InterruptedException {
        var call = new Call(connector, vertx.getOrCreateContext(), terms);
        var answer = call.start(first);
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            call.cancel();
            return new OutboundResult.Failure(Kind.TIMED_OUT, "the answer was not there in time");
        } catch (InterruptedException e) {
            call.cancel();
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CallFailed failed) {
                return failed.failure();
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Closes all connections. Calls that are going on fail, or time out. */
    @Override
    public void close() {
        connector.close();
    }
}
