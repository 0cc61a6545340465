package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import dev.photon.executor.wasm.EventSink.Refusal;
import dev.photon.protocol.Emission;
import dev.photon.protocol.Header;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.LogLevel;
import java.util.ArrayList;
import java.util.Optional;

/** The guest's side of a run's events: {@code emit} of the {@code photon} module, and their end. */
final class Emissions {
    /** From here on an answer is none of success. */
    private static final int LEAST_REFUSAL = 400;

    private static final int MAX_HEAD = 64 << 10;
    private static final String NO_ROOM = "there is no memory for it now";

    /** An event is held as a record, and sent as a part of a batch. */
    private static final long COPIES = 2;

    /** What a record, and each of its headers, takes beside what it says. */
    private static final long RECORD_BYTES = 1_024;

    private static final long HEADER_BYTES = 160;

    private final EventSink sink;
    private final Run run;
    private boolean open;
    private boolean any;

    /**
     * @param open whether a request is being handled already
     */
    Emissions(EventSink sink, Run run, boolean open) {
        this.sink = sink;
        this.run = run;
        this.open = open;
    }

    /** From now on a request is being handled. */
    void open() {
        open = true;
    }

    /**
     * Takes an event that lies in the guest's memory; why it is refused is a line of the log.
     *
     * @return 0, or a negative number that says why not
     */
    int emit(LinearMemory memory, int address, int length, int dataAddress, int dataLength) {
        StackRoom.require();
        var refusal = taken(memory, address, length, dataAddress, dataLength);
        refusal.ifPresent(why -> run.log(LogLevel.WARN, "an event is not published: " + why.reason()));
        return refusal.map(why -> why.kind().number()).orElse(0);
    }

    private Optional<Refusal> taken(LinearMemory memory, int address, int length, int dataAddress, int dataLength) {
        if (!open) {
            return notOpen();
        }
        if (length < 0 || length > MAX_HEAD) {
            return refused(Refusal.Kind.TOO_LARGE, "its head has more than %d bytes".formatted(MAX_HEAD));
        }
        if (dataLength < 0 || dataLength > KafkaConnection.RECORD_BYTES) {
            return refused(Refusal.Kind.TOO_LARGE, "it has more than %d bytes".formatted(KafkaConnection.RECORD_BYTES));
        }
        try (var reading = run.share()) {
            if (!reading.take(dataLength)) {
                return refused(Refusal.Kind.TOO_LARGE, NO_ROOM);
            }
            var head = new String(memory.readBytes(address, length), UTF_8);
            var data = memory.readBytes(dataAddress, dataLength);
            return event(head, data)
                    .map(this::take)
                    .orElseGet(() -> refused(
                            Refusal.Kind.MALFORMED, "its head is not a topic's name and lines of \"name: value\""));
        }
    }

    private static Optional<Emission> event(String head, byte[] data) {
        var lines = head.lines().toList();
        var fields = new ArrayList<Header>();
        for (var line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            var colon = line.indexOf(':');
            if (colon < 1) {
                return Optional.empty();
            }
            fields.add(new Header(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return lines.isEmpty() ? Optional.empty() : Optional.of(new Emission(lines.getFirst(), fields, data));
    }

    /** Holds an event until the run has ended well; empty when it is held. */
    Optional<Refusal> take(Emission event) {
        if (!open) {
            return notOpen();
        }
        var flaw = event.flaw();
        if (flaw.isPresent()) {
            return refused(Refusal.Kind.MALFORMED, flaw.get());
        }
        if (!run.takeBeside(bytes(event))) {
            return refused(Refusal.Kind.TOO_LARGE, NO_ROOM);
        }
        any = true;
        return sink.emit(event);
    }

    private static long bytes(Emission event) {
        return COPIES * event.bytes()
                + RECORD_BYTES
                + HEADER_BYTES * event.fields().size();
    }

    private static Optional<Refusal> notOpen() {
        return refused(Refusal.Kind.NOT_ALLOWED, "no request is being handled");
    }

    private static Optional<Refusal> refused(Refusal.Kind kind, String reason) {
        return Optional.of(new Refusal(kind, reason));
    }

    /**
     * Publishes what is held, before the last of the answer leaves.
     *
     * @param status of the answer
     * @throws Unpublished when that cannot be done
     */
    void end(int status) {
        if (!any || status >= LEAST_REFUSAL) {
            return;
        }
        try {
            sink.publish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChicoryInterruptedException(e);
        }
    }
}
