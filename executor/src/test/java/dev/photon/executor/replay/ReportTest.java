package dev.photon.executor.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Observed.Effects NONE = Observed.Effects.of(new RefusedCalls(), new HeldEvents());
    private static final int LONGEST_LINE = 20_000;

    private final List<JsonObject> lines = new ArrayList<>();
    private final Report report = new Report(lines::add);

    private static ConsumerRecord<byte[], byte[]> source(String key) {
        return new ConsumerRecord<>("orders", 1, 7, key.getBytes(UTF_8), new byte[0]);
    }

    private static Observed answer(String body, List<Header> headers) {
        return Observed.of(new Reply.Answer(200, headers, body.getBytes(UTF_8)), new AnswerDigest(), NONE, 1_500);
    }

    private static Observed failure(String message) {
        return Observed.of(new Reply.Failure(ErrorKind.FUNCTION_FAILED, message), new AnswerDigest(), NONE, 1_500);
    }

    private static Finding.Ran ran(Finding.Kind kind, Observed baseline, Observed candidate) {
        return new Finding.Ran(
                source("k"), kind, baseline.differences(candidate), baseline, candidate, Optional.empty());
    }

    @Test
    void showsWhereAnswersBeginToDiffer() throws Exception {
        var before = "same ".repeat(1_000);

        report.add(ran(Finding.Kind.DIFFERENT, answer(before + "old", List.of()), answer(before + "new", List.of())));

        var line = lines.getFirst();
        assertThat(line.getString("type")).isEqualTo("different");
        assertThat(line.getInteger("partition")).isEqualTo(1);
        assertThat(line.getLong("offset")).isEqualTo(7);
        assertThat(line.getString("key")).isEqualTo("k");
        assertThat(line.getJsonObject("baseline").getString("excerpt")).endsWith("same old");
        assertThat(line.getJsonObject("candidate").getString("excerpt")).endsWith("same new");
        assertThat(line.getJsonObject("candidate").getLong("size")).isEqualTo(before.length() + 3);
    }

    @Test
    void aLineIsShortWhateverAFunctionSays() throws Exception {
        var headers = IntStream.range(0, 1_000)
                .mapToObj(number -> new Header("field-" + number, "v".repeat(1_000)))
                .toList();
        var baseline = answer("x".repeat(1_000_000), headers);
        report.add(new Finding.Ran(
                source("key".repeat(100_000)),
                Finding.Kind.DIFFERENT,
                List.of("headers", "body"),
                baseline,
                answer("y", List.of()),
                Optional.empty()));
        report.add(ran(Finding.Kind.DIFFERENT, baseline, failure("m".repeat(1_000_000))));

        assertThat(lines).allSatisfy(line -> assertThat(line.encode()).hasSizeLessThan(LONGEST_LINE));
    }

    @Test
    void countsAllAndListsWhatDiffersOrCalls() throws Exception {
        var same = answer("x", List.of());
        report.add(ran(Finding.Kind.SAME, same, same));
        report.add(ran(Finding.Kind.UNSTABLE, same, answer("y", List.of())));
        report.add(ran(Finding.Kind.CALLED, same, same));
        report.add(ran(Finding.Kind.DIFFERENT, same, failure("it trapped")));
        report.add(new Finding.NotRetained(source("k")));
        report.add(new Finding.NoBaseline(source("k")));
        report.add(new Finding.NotRun(source("k"), "no memory"));
        report.add(new Finding.Malformed(source("k")));

        report.summary(3, Optional.of(2L));

        assertThat(lines).extracting(line -> line.getString("type")).containsExactly("called", "different", "summary");
        assertThat(lines.getLast().getMap())
                .containsEntry("records", 8L)
                .containsEntry("same", 1L)
                .containsEntry("unstable", 1L)
                .containsEntry("called", 1L)
                .containsEntry("different", 1L)
                .containsEntry("notRetained", 1L)
                .containsEntry("noBaseline", 1L)
                .containsEntry("notRun", 1L)
                .containsEntry("notRunReason", "no memory")
                .containsEntry("malformed", 1L)
                .containsEntry("removed", 3L)
                .containsEntry("published", 2L);
        assertThat(lines.getLast().getJsonObject("errors").getLong("candidate")).isEqualTo(1);
    }
}
