package dev.photon.executor;

import dev.photon.executor.wasm.GuestThreads;
import dev.photon.metrics.VersionSeries;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationCodec;
import dev.photon.protocol.Malformed;
import dev.photon.registry.FunctionView;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Takes one invocation from its record to its reply. Thread-safe; everything runs on guest threads, and nothing holds
 * one while it waits for the view, for its turn or for a function to be compiled.
 *
 * <pre>
 * record → decode → first of its key? → in time? → view there? → resolve → permit → body here? → function loaded? → run → reply → finished
 *             └ malformed, late: counted, finished
 * </pre>
 */
final class InvocationRunner implements Intake {
    /** What calls and events are run with, the same for every topic. */
    record Tools(
            FunctionView view,
            FunctionCache functions,
            RunPermits permits,
            Load load,
            Cancellations cancellations,
            LargeRequests bodies,
            GuestRunner guests,
            ReplySender replies,
            LargeAnswers largeAnswers,
            KeyedCalls keyed,
            GuestThreads guestThreads,
            ExecutorMetrics metrics,
            VersionSeries<RunMeters> series,
            EventUsage usage) {}

    private final Tools tools;
    private final String executor;
    private final Malformed malformed;

    InvocationRunner(Tools tools, String executor, Malformed malformed) {
        this.tools = tools;
        this.executor = executor;
        this.malformed = malformed;
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> source, Owned work) {
        var arrived = System.nanoTime();
        tools.guestThreads().execute(() -> begin(source, work, arrived));
    }

    @Override
    public void released(Ownership ended) {
        tools.keyed().released(ended);
    }

    private void begin(ConsumerRecord<byte[], byte[]> source, Owned work, long arrived) {
        if (!work.wanted()) {
            return;
        }
        switch (InvocationCodec.decode(source)) {
            case Decoded.Valid<Invocation> valid -> {
                var settlement = new Settlement(tools, tools.replies(), executor, valid.value(), work, arrived);
                var attempt = new Attempt(tools, work, settlement);
                if (valid.value().key().isPresent()) {
                    tools.keyed().begin(source.partition(), work.ownership(), settlement, attempt::start);
                } else {
                    attempt.start();
                }
            }
            case Decoded.Malformed<Invocation> odd -> {
                malformed.skipped(source, odd.reason());
                work.finished();
            }
        }
    }
}
