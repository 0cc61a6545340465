package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.executor.outbound.Room;
import dev.photon.protocol.LogLevel;
import dev.photon.registry.GuestModule;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * One invocation, as the functions that its guest imports see it. Closing it gives back what it made its process keep.
 * Confined to the guest's thread.
 */
final class Run implements AutoCloseable {
    private static final byte[] NOTHING = {};

    private final GuestModule.Kind kind;
    private final GuestRequest request;
    private final RunLimits limits;
    private final GuestLog log;
    private final Fetches fetches;
    private final Emissions emissions;
    private final LargeAnswer large;
    private final CommandAnswer answer;
    private final BoundedOutput errors;
    private final Descriptors descriptors;
    private final MemoryPool memories;
    private final long started = System.nanoTime();
    private final Room room = new Room() {
        @Override
        public boolean take(long bytes) {
            return takeBeside(bytes);
        }

        @Override
        public void give(long bytes) {
            beside().give(bytes);
        }
    };

    /** Made when it is asked for: most runs keep little. */
    private HostShare beside;

    private int logLeft;
    private StringTable environment;

    /** One whose answer must fit one record, and whose host has memory without end. */
    Run(GuestModule.Kind kind, GuestRequest request, RunLimits limits, GuestLog log, OutboundCalls calls) {
        this(
                kind,
                request,
                limits,
                log,
                new Ways(calls, LargeAnswer.NONE, EventSink.NONE, true),
                new MemoryPool(Long.MAX_VALUE));
    }

    /**
     * What leaves a run beside its log.
     *
     * @param passable whether all that a command writes is its answer
     */
    record Ways(OutboundCalls calls, LargeAnswer large, EventSink events, boolean passable) {}

    /**
     * @param memories where what it keeps is counted
     */
    Run(GuestModule.Kind kind, GuestRequest request, RunLimits limits, GuestLog log, Ways ways, MemoryPool memories) {
        this.kind = kind;
        this.memories = memories;
        this.request = request;
        this.limits = limits;
        this.log = log;
        this.fetches = new Fetches(ways.calls(), memories);
        this.emissions = new Emissions(ways.events(), this, kind == GuestModule.Kind.COMMAND);
        this.logLeft = limits.logBytes();
        this.large = ways.large();
        this.answer = new CommandAnswer(limits.answerBytes(), large, ways.passable(), room);
        this.errors = new BoundedOutput(limits.logBytes(), room);
        this.descriptors = switch (kind) {
            case COMMAND -> descriptors(new StandardInput(request.body()), new StandardOutput(answer::append));
            // Reads its body and answers by other means: all it prints is logged.
            case HANDLER -> descriptors(new StandardInput(NOTHING), new StandardOutput(errors::appendWhatFits));
        };
    }

    private Descriptors descriptors(StandardInput input, StandardOutput output) {
        return new Descriptors(
                input, output, new StandardOutput(errors::appendWhatFits), limits.tmpBytes(), this::beside);
    }

    private HostShare beside() {
        if (beside == null) {
            beside = HostShare.ofRun(memories);
        }
        return beside;
    }

    /** One that the caller closes. */
    HostShare share() {
        return HostShare.ofRun(memories);
    }

    /** Of the run, until it is closed. */
    Room room() {
        return room;
    }

    /** Room that the run has until it is closed. */
    boolean takeBeside(long bytes) {
        return beside().take(bytes);
    }

    @Override
    public void close() {
        fetches.close();
        if (beside != null) {
            beside.close();
        }
    }

    GuestRequest request() {
        return request;
    }

    RunLimits limits() {
        return limits;
    }

    /** What the guest wrote to its standard output. */
    CommandAnswer answer() {
        return answer;
    }

    /** Takes a handler's answer when it does not fit one record. */
    LargeAnswer large() {
        return large;
    }

    Descriptors descriptors() {
        return descriptors;
    }

    Fetches fetches() {
        return fetches;
    }

    Emissions emissions() {
        return emissions;
    }

    StringTable arguments() {
        return new StringTable(List.of(request.function()));
    }

    /** Made at the first question: a guest that does not ask does not pay. */
    StringTable environment() {
        if (environment == null) {
            environment = new StringTable(
                    switch (kind) {
                        case COMMAND -> CgiVariables.of(request);
                        // It outlives the request, so it learns of it by other means.
                        case HANDLER ->
                            request.env().entrySet().stream()
                                    .map(variable -> variable.getKey() + "=" + variable.getValue())
                                    .toList();
                    });
        }
        return environment;
    }

    /** The function's own variables as a JSON object, for guests without an environment. */
    byte[] config() {
        StackRoom.require();
        return new JsonObject(new TreeMap<>(request.env())).toBuffer().getBytes();
    }

    /** Milliseconds until the run is stopped, at least 0. */
    long leftMillis() {
        return Math.max(0, limits.runMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
    }

    boolean logs(LogLevel level) {
        return logLeft > 0 && log.keeps(level);
    }

    /** What passes the limit is lost, and the line that does so is cut. */
    void log(LogLevel level, LinearMemory memory, int address, int length) {
        if (!logs(level)) {
            return;
        }
        var text = new byte[(int) Math.min(Integer.toUnsignedLong(length), logLeft)];
        memory.read(address, text, 0, text.length);
        logLeft -= text.length;
        StackRoom.require();
        log.line(level, new String(text, UTF_8));
    }

    /** What passes the limit is lost, and the line that does so is cut. */
    void log(LogLevel level, String text) {
        if (logs(level)) {
            var kept = text.length() <= logLeft ? text : text.substring(0, logLeft);
            logLeft -= kept.length();
            log.line(level, kept);
        }
    }

    /** Hands over what the guest wrote to its standard error. */
    void ended() {
        if (errors.size() > 0) {
            log.write(errors.toArray(), errors.dropped());
        }
    }
}
