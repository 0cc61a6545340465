package dev.photon.executor.replay;

import dev.photon.executor.wasm.BackgroundThreads;
import dev.photon.protocol.EntryRule;
import dev.photon.protocol.EventCodec;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Replay;
import dev.photon.protocol.Reply;
import dev.photon.protocol.TopicPlan;
import dev.photon.registry.FunctionView;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replay, from its wish to the last line of its report. It commits nothing, and closes all that it opens. For one
 * thread.
 *
 * <pre>
 * next record ─► a place among those under way ─► both versions run ─► the oldest is reported when it is done
 *                       └ none: the oldest is awaited
 * </pre>
 */
public final class ReplayRun {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayRun.class);

    /** Records under way for each thread: so one that takes long does not leave the others without work. */
    private static final int RECORDS_A_THREAD = 8;

    private static final long LOOK_MILLIS = 100;

    private final Parts parts;
    private final Replay wish;
    private final Standing standing;
    private final Report report;

    /**
     * What all replays share.
     *
     * @param threads on which the functions of one replay run
     */
    public record Parts(String region, KafkaConnection kafka, TopicPlan plan, FunctionView view, int threads) {}

    /** What is opened for a replay that has begun. */
    private record Opened(
            UnderWay underWay, Stretch stretch, Trial trial, BackgroundThreads threads, Optional<Outputs> outputs) {}

    public ReplayRun(Parts parts, Replay wish, Standing standing, Lines lines) {
        this.parts = parts;
        this.wish = wish;
        this.standing = standing;
        this.report = new Report(lines);
    }

    /** Returns when the report has its last line, whatever that says. Throws only what {@link Lines} throws. */
    public void run(Runs runs) throws InterruptedException {
        var source = source();
        report.started(wish, source);
        try {
            requireUsers(wish.trigger());
            requireUsers(wish.sink());
            compare(source, runs);
        } catch (Stopped e) {
            report.failed(e.getMessage());
        } catch (KafkaException e) {
            LOG.atWarn().addKeyValue("replay", wish.id()).setCause(e).log("a replay met a failure of Kafka");
            report.failed("the records cannot be read from Kafka now");
        }
    }

    /** Whoever may write to the topic of replays need not have the right to read or write others of the platform. */
    private void requireUsers(Optional<String> topic) throws Stopped {
        if (topic.isPresent() && parts.plan().isReserved(topic.get())) {
            throw new Stopped("'" + topic.get() + "' is a reserved topic");
        }
    }

    private RecordSource source() {
        var function = wish.candidate().function();
        if (wish.trigger().isPresent()) {
            return new RecordSource.OfTrigger(function, wish.trigger().get());
        }
        var topics = parts.plan().topics();
        var entries = new TreeMap<String, EntryRule>();
        parts.view().entries().forEach(entry -> entries.put(topics.entry(entry.name()), entry.rule()));
        parts.plan().entries().forEach(name -> entries.put(topics.entry(name), EntryRule.OPEN));
        var calls = parts.plan().pools().stream().map(topics::invocations);
        return new RecordSource.Calls(
                function,
                Stream.concat(calls, entries.keySet().stream()).toList(),
                Map.copyOf(entries),
                parts.plan()::isReserved);
    }

    private void compare(RecordSource source, Runs runs) throws InterruptedException, Stopped {
        var versions = Versions.of(parts.view(), wish.candidate(), wish.baseline());
        var name = "replay-" + wish.id();
        try (var stretch = new Stretch(parts.kafka(), name);
                var outputs = new Closing(wish.sink().map(this::outputs));
                var threads = new BackgroundThreads(name + "-", parts.threads())) {
            stretch.find(source.topics(), wish.from(), wish.to(), this::look);
            report.found(stretch.offsets());
            var trial = new Trial(source, versions, runs, wish.sink().isPresent());
            var opened = new Opened(underWay(runs), stretch, trial, threads, outputs.outputs());
            readAll(opened, source);
            while (!opened.underWay().isEmpty()) {
                settleOldest(opened);
            }
            if (outputs.outputs().isPresent()) {
                outputs.outputs().get().flush();
            }
            report.summary(stretch.removed(), outputs.outputs().map(Outputs::published));
        }
    }

    private UnderWay underWay(Runs runs) {
        return new UnderWay(
                runs, RECORDS_A_THREAD * parts.threads(), wish.sink().isPresent() ? Reply.MAX_BYTES : 0);
    }

    private void look() throws Stopped, InterruptedException {
        standing.require();
        report.tick();
    }

    private Outputs outputs(String topic) {
        return new Outputs(
                parts.kafka(),
                "replay-" + wish.id(),
                topic,
                EventCodec.from(parts.region(), wish.candidate().function()));
    }

    /** Closes them, if there are any. */
    private record Closing(Optional<Outputs> outputs) implements AutoCloseable {
        @Override
        public void close() {
            outputs.ifPresent(Outputs::close);
        }
    }

    private void readAll(Opened opened, RecordSource source) throws InterruptedException, Stopped {
        while (opened.stretch().hasMore()) {
            standing.require();
            for (var next : opened.stretch().next()) {
                report.looked();
                if (source.has(next)) {
                    begin(opened, next);
                }
            }
            settleDone(opened);
            report.tick();
        }
    }

    private void begin(Opened opened, ConsumerRecord<byte[], byte[]> next) throws InterruptedException, Stopped {
        while (!opened.underWay().hasRoom()) {
            settleOldest(opened);
        }
        var task = new FutureTask<>(() -> opened.trial().of(next));
        opened.underWay().add(next, task);
        opened.threads().execute(task);
    }

    private void settleDone(Opened opened) throws InterruptedException, Stopped {
        while (!opened.underWay().isEmpty() && opened.underWay().oldest().isDone()) {
            settleOldest(opened);
        }
    }

    private void settleOldest(Opened opened) throws InterruptedException, Stopped {
        report(opened, await(opened.underWay().oldest()));
        opened.underWay().removeOldest();
        report.tick();
    }

    private void report(Opened opened, Finding finding) throws InterruptedException, Stopped {
        report.add(finding);
        if (opened.outputs().isPresent()
                && finding instanceof Finding.Ran ran
                && ran.output().isPresent()
                && ran.kind() != Finding.Kind.CALLED) {
            opened.outputs().get().publish(ran.source(), ran.output().get());
        }
    }

    private Finding await(FutureTask<Finding> task) throws InterruptedException, Stopped {
        while (true) {
            standing.require();
            try {
                return task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                report.tick();
            } catch (ExecutionException e) {
                LOG.atError()
                        .addKeyValue("replay", wish.id())
                        .setCause(e.getCause())
                        .log("a replay failed");
                throw new Stopped("the executor failed");
            }
        }
    }
}
