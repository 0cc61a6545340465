package dev.photon.executor;

import dev.photon.protocol.EntryCodec;
import dev.photon.protocol.EntryRule;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.TopicPlan;
import dev.photon.protocol.Topics;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Takes a record of an entry topic from its publisher's hands to its reply. What must not run is answered so, where its
 * publisher can be told, counted, and finished. Thread-safe; nothing holds a thread while it waits.
 */
final class EntryRunner implements Intake {
    /** What the records of all entry topics are run with. */
    record Parts(
            InvocationRunner.Tools tools,
            TopicPlan plan,
            String executor,
            Malformed malformed,
            EntrySeries series,
            TakenBytes bytes) {}

    private final Parts parts;
    private final Supplier<EntryRule> rule;
    private final EntryMeters meters;

    /**
     * @param rule that holds now
     */
    EntryRunner(Parts parts, Supplier<EntryRule> rule, EntryMeters meters) {
        this.parts = parts;
        this.rule = rule;
        this.meters = meters;
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> source, Owned work) {
        var arrived = System.nanoTime();
        meters.took();
        parts.tools().guestThreads().execute(() -> begin(source, work, arrived));
    }

    private void begin(ConsumerRecord<byte[], byte[]> source, Owned work, long arrived) {
        if (!work.wanted()) {
            return;
        }
        var tools = parts.tools();
        switch (EntryCodec.decode(source, rule.get(), parts.plan()::isReserved, System.currentTimeMillis())) {
            case EntryCodec.Taken taken -> {
                var settlement =
                        new Settlement(tools, tools.replies(), parts.executor(), taken.invocation(), work, arrived);
                new Attempt(tools, work, settlement).start();
            }
            case EntryCodec.Refused refused -> {
                meters.refused(refused.kind());
                if (refused.kind() == ErrorKind.BAD_REQUEST) {
                    parts.malformed().skipped(source, refused.reason());
                }
                tell(refused, work, arrived);
            }
        }
    }

    private void tell(EntryCodec.Refused refused, Owned work, long arrived) {
        if (refused.replyTo() instanceof ReplyTo.Nobody) {
            work.finished();
            return;
        }
        var queued = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - arrived);
        var reply = new Reply(
                refused.id(),
                Optional.empty(),
                Optional.empty(),
                new Reply.Failure(refused.kind(), refused.reason()),
                new Reply.Timing(parts.executor(), Topics.DEFAULT_POOL, queued, 0, 0));
        parts.tools().replies().send(refused.replyTo(), reply, arrived, work::finished);
    }
}
