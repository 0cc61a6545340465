package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.executor.outbound.OutboundRequest;
import dev.photon.executor.outbound.OutboundResult;
import dev.photon.protocol.Header;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;

/**
 * The guest's side of a run's calls to others: {@code fetch} of the {@code photon} module, and the last answer. Closing
 * gives back what that takes.
 */
final class Fetches implements AutoCloseable {
    static final int MAX_HEAD = 64 << 10;
    private static final int MAX_BODY = 16 << 20;
    private static final byte[] NOTHING = {};

    /** A body that is sent is copied once. */
    private static final int COPIES = 2;

    private final OutboundCalls calls;
    private final MemoryPool memories;
    private Optional<HostShare> answerShare = Optional.empty();
    private byte[] head = NOTHING;
    private byte[] body = NOTHING;
    private int position;

    Fetches(OutboundCalls calls, MemoryPool memories) {
        this.calls = calls;
        this.memories = memories;
    }

    /**
     * Sends a request that lies in the guest's memory.
     *
     * @return the answer's status, or a negative number that says why there is none
     */
    int fetch(LinearMemory memory, int address, int length, int bodyAddress, int bodyLength, long leftMillis) {
        StackRoom.require();
        position = 0;
        body = NOTHING;
        if (length < 0 || length > MAX_HEAD || bodyLength < 0 || bodyLength > MAX_BODY) {
            return failed(OutboundResult.Kind.TOO_LARGE, "the request is too large");
        }
        try (var sending = HostShare.ofRun(memories)) {
            if (!sending.take((long) COPIES * bodyLength)) {
                return failed(OutboundResult.Kind.TOO_LARGE, "there is no memory for the request now");
            }
            var content = memory.readBytes(bodyAddress, bodyLength);
            return request(new String(memory.readBytes(address, length), UTF_8), content)
                    .map(request -> send(request, leftMillis))
                    .orElseGet(() -> failed(
                            OutboundResult.Kind.BAD_REQUEST,
                            "the head is not \"METHOD url\" and lines of \"name: value\""));
        }
    }

    private int send(OutboundRequest request, long leftMillis) {
        return switch (sent(request, leftMillis)) {
            case OutboundResult.Response answer -> answered(answer);
            case OutboundResult.Failure failure -> failed(failure.kind(), failure.reason());
        };
    }

    /**
     * The guest keeps a tenth of its time to tell what went wrong. The answer before this one must not be kept any more.
     */
    OutboundResult sent(OutboundRequest request, long leftMillis) {
        close();
        var share = HostShare.ofRun(memories);
        answerShare = Optional.of(share);
        try {
            return calls.send(request, Duration.ofMillis(leftMillis - leftMillis / 10), share);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChicoryInterruptedException(e);
        }
    }

    /** Gives back the memory of the last answer, which may still come. */
    @Override
    public void close() {
        answerShare.ifPresent(HostShare::close);
        answerShare = Optional.empty();
    }

    private static Optional<OutboundRequest> request(String head, byte[] body) {
        var lines = head.lines().toList();
        var first = lines.isEmpty() ? new String[0] : lines.getFirst().split(" ", -1);
        if (first.length != 2) {
            return Optional.empty();
        }
        var headers = new ArrayList<Header>();
        for (var line : lines.subList(1, lines.size())) {
            var colon = line.indexOf(':');
            if (colon < 1) {
                return Optional.empty();
            }
            headers.add(new Header(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return Optional.of(new OutboundRequest(first[0], first[1], headers, body, OutboundRequest.Redirects.FOLLOW));
    }

    private int answered(OutboundResult.Response answer) {
        var lines = new StringBuilder();
        answer.headers()
                .forEach(header -> lines.append(header.name())
                        .append(": ")
                        .append(header.value())
                        .append('\n'));
        head = lines.toString().getBytes(UTF_8);
        body = answer.body();
        return answer.status();
    }

    private int failed(OutboundResult.Kind kind, String reason) {
        head = reason.getBytes(UTF_8);
        return switch (kind) {
            case BAD_REQUEST -> -1;
            case NOT_ALLOWED, ADDRESS_REFUSED -> -2;
            case UNRESOLVED, CONNECT_FAILED, BROKEN, TOO_MANY_REDIRECTS, REDIRECTED -> -3;
            case TIMED_OUT -> -4;
            case TOO_LARGE -> -5;
            case TOO_MANY_CALLS -> -6;
        };
    }

    /** How long the head is; it is written when it fits. */
    int head(LinearMemory memory, int address, int limit) {
        if (Integer.compareUnsigned(head.length, limit) <= 0) {
            memory.write(address, head);
        }
        return head.length;
    }

    /** Writes the next bytes of the body, and says how many. */
    int body(LinearMemory memory, int address, int limit) {
        var taken = (int) Math.min(Integer.toUnsignedLong(limit), body.length - position);
        memory.write(address, body, position, taken);
        position += taken;
        return taken;
    }
}
