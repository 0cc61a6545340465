package dev.photon.executor.replay;

import dev.photon.protocol.Replay;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A replay's report, a JSON object for each line: how it began, each record that differs or whose calls were refused, now
 * and then how far it is, and sums at the end. Confined to a thread.
 */
final class Report {
    /** Those after are counted alone. */
    private static final int MOST_LISTED = 200_000;

    private static final long PROGRESS_NANOS = Duration.ofSeconds(1).toNanos();

    private final Lines lines;
    private final Sums sums = new Sums();
    private long offsets;
    private int listed;
    private long told = System.nanoTime();

    Report(Lines lines) {
        this.lines = lines;
    }

    void started(Replay wish, RecordSource source) throws InterruptedException {
        lines.write(new JsonObject()
                .put("type", "started")
                .put("replay", wish.id())
                .put("function", wish.candidate().function())
                .put("baseline", wish.baseline().orElse(wish.trigger().isPresent() ? "latest" : "recorded"))
                .put("candidate", wish.candidate().version())
                .put("topics", new JsonArray(source.topics()))
                .put("from", Instant.ofEpochMilli(wish.from()).toString())
                .put("to", Instant.ofEpochMilli(wish.to()).toString())
                .put("sink", wish.sink().orElse("dry-run")));
    }

    /** How many offsets are to be looked at. */
    void found(long count) throws InterruptedException {
        offsets = count;
        progress();
    }

    void looked() {
        sums.looked();
    }

    void add(Finding finding) throws InterruptedException {
        sums.add(finding);
        if (finding instanceof Finding.Ran ran && isListed(ran.kind())) {
            if (listed < MOST_LISTED) {
                listed++;
                lines.write(line(ran));
            } else {
                sums.unlisted();
            }
        }
    }

    private static boolean isListed(Finding.Kind kind) {
        return kind == Finding.Kind.DIFFERENT || kind == Finding.Kind.CALLED;
    }

    private static JsonObject line(Finding.Ran ran) {
        var line = place(ran.source())
                .put("type", ran.kind() == Finding.Kind.DIFFERENT ? "different" : "called")
                .put("differences", new JsonArray(ran.differences()));
        var bodies = List.of(beginning(ran.baseline()), beginning(ran.candidate()));
        var at = Excerpts.firstDifference(bodies.getFirst(), bodies.getLast());
        return line.put("baseline", observed(ran.baseline(), ran.differences(), at))
                .put("candidate", observed(ran.candidate(), ran.differences(), at));
    }

    private static JsonObject place(ConsumerRecord<byte[], byte[]> source) {
        var place = new JsonObject()
                .put("topic", source.topic())
                .put("partition", source.partition())
                .put("offset", source.offset())
                .put("timestamp", source.timestamp());
        if (source.key() != null) {
            place.put("key", Excerpts.key(source.key()));
        }
        return place;
    }

    private static byte[] beginning(Observed observed) {
        return observed.answer().map(Observed.Answer::beginning).orElseGet(() -> new byte[0]);
    }

    private static JsonObject observed(Observed observed, List<String> differences, int differsAt) {
        var json = new JsonObject().put("micros", observed.micros());
        if (observed.effects().calls() > 0) {
            json.put("refusedCalls", observed.effects().calls());
        }
        if (observed.effects().events() > 0) {
            json.put("events", observed.effects().events());
        }
        observed.failure()
                .ifPresent(failure ->
                        json.put("error", failure.kind().code()).put("message", Excerpts.message(failure.message())));
        observed.answer().ifPresent(answer -> {
            json.put("status", answer.status())
                    .put("size", answer.size())
                    .put("digest", answer.digest().toString())
                    .put("excerpt", Excerpts.body(answer.beginning(), differsAt));
            if (differences.contains("headers")) {
                json.put("headers", Excerpts.fields(answer.headers()));
            }
        });
        return json;
    }

    /** Says how far it is, if that was not said a moment ago. */
    void tick() throws InterruptedException {
        if (System.nanoTime() - told >= PROGRESS_NANOS) {
            progress();
        }
    }

    private void progress() throws InterruptedException {
        told = System.nanoTime();
        lines.write(sums.progress().put("type", "progress").put("offsets", offsets));
    }

    void summary(long removed, Optional<Long> published) throws InterruptedException {
        var summary = sums.json().put("type", "summary").put("removed", removed);
        published.ifPresent(count -> summary.put("published", count));
        lines.write(summary);
    }

    /** It is not complete. */
    void failed(String reason) throws InterruptedException {
        lines.write(sums.json().put("type", "failed").put("detail", reason));
    }
}
