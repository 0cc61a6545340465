package dev.photon.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What clients sent and heard, against what the log has of it. */
final class Ledger {
    /** The deadline of a call, and the time for which its ingress may have been frozen. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final long sent;
    private final List<Call> calls;
    private final Recorded.Log log;
    private final Outages outages;
    private final Map<String, List<Invocation>> invocations;
    private final Map<String, List<Reply>> replies;

    /**
     * @param sent how many requests were
     * @param outages while which calls may break, or be refused
     */
    Ledger(long sent, List<Call> calls, Recorded.Log log, Outages outages) {
        this.sent = sent;
        this.calls = calls;
        this.log = log;
        this.outages = outages;
        this.invocations = log.invocations().stream().collect(groupingBy(Ledger::body));
        this.replies = log.replies().stream().collect(groupingBy(Reply::invocationId));
    }

    private static String body(Invocation invocation) {
        return new String(invocation.body(), UTF_8);
    }

    /** Each thing that does not balance, in a sentence; none when no request was lost, and no client misled. */
    List<String> discrepancies() {
        return Stream.of(
                        forgotten(),
                        calls.stream().flatMap(call -> wrong(call).stream()),
                        strangeInvocations(),
                        strangeReplies())
                .flatMap(found -> found)
                .toList();
    }

    private Stream<String> forgotten() {
        return sent == calls.size()
                ? Stream.empty()
                : Stream.of("%d requests were sent, and %d ended".formatted(sent, calls.size()));
    }

    private Optional<String> wrong(Call call) {
        var what = switch (call.heard()) {
            case Heard.Answer answer -> unfounded(call, answer);
            case Heard.Refusal refusal -> mistaken(call, refusal);
            case Heard.Break broken -> outages.mayBreak(call) ? Optional.<String>empty() : Optional.of(broken.how());
            case Heard.Nonsense nonsense -> Optional.of(nonsense.what());
        };
        return what.or(() -> late(call)).map(it -> "'%s' at %s: %s".formatted(call.body(), call.ingress(), it));
    }

    private static Optional<String> late(Call call) {
        return call.ended() - call.sent() > LONGEST.toNanos()
                ? Optional.of("told nothing for " + Duration.ofNanos(call.ended() - call.sent()))
                : Optional.empty();
    }

    private Optional<String> mistaken(Call call, Heard.Refusal refusal) {
        return outages.mayRefuse(call)
                ? refusal.invocation().flatMap(id -> mistaken(call, id))
                : Optional.of("told %d while its ingress and all brokers were there".formatted(refusal.status()));
    }

    private Optional<String> unfounded(Call call, Heard.Answer answer) {
        if (invocations.getOrDefault(call.body(), List.of()).isEmpty()) {
            return Optional.of("answered, and the log does not have the invocation");
        }
        var answered = replies.getOrDefault(answer.invocation(), List.of()).stream()
                .anyMatch(reply -> !(reply.outcome() instanceof Reply.Failure));
        return answered
                ? mistaken(call, answer.invocation())
                : Optional.of("answered, and the log does not have the answer");
    }

    private Optional<String> mistaken(Call call, String id) {
        return invocations.getOrDefault(call.body(), List.of()).stream()
                        .allMatch(invocation -> invocation.id().equals(id))
                ? Optional.empty()
                : Optional.of("told the id of another invocation");
    }

    private Stream<String> strangeInvocations() {
        var byBody = calls.stream().collect(toMap(Call::body, call -> call));
        return invocations.entrySet().stream().flatMap(entry -> {
            var body = entry.getKey();
            if (!byBody.containsKey(body)) {
                return Stream.of("'%s' was accepted, and no client of it was told anything".formatted(body));
            }
            var times = entry.getValue().size();
            return times == 1
                    ? Stream.empty()
                    : Stream.of("'%s' was sent once, and accepted %d times".formatted(body, times));
        });
    }

    private Stream<String> strangeReplies() {
        var byId = log.invocations().stream().collect(toMap(Invocation::id, it -> it, (one, other) -> one));
        return log.replies().stream().flatMap(reply -> {
            var invocation = byId.get(reply.invocationId());
            if (invocation == null) {
                return Stream.of("a reply to " + reply.invocationId() + ", which was no invocation");
            }
            return reply.outcome() instanceof Reply.Answer answer
                            && !(answer.status() == 200 && Arrays.equals(answer.body(), invocation.body()))
                    ? Stream.of("a wrong answer to '%s'".formatted(body(invocation)))
                    : Stream.empty();
        });
    }

    /** The sums. */
    @Override
    public String toString() {
        var table = new StringBuilder();
        row(table, "requests", sent);
        row(table, "  answered, and rightly", heard(Heard.Answer.class));
        row(table, "  told 503", refused(503));
        row(table, "  told 504", refused(504));
        row(table, "  connection broken as its ingress died", heard(Heard.Break.class));
        row(table, "  anything else", heard(Heard.Nonsense.class));
        row(table, "  the longest wait, in milliseconds", longestMillis());
        var answered = calls.stream()
                .filter(call -> call.heard() instanceof Heard.Answer)
                .collect(toMap(Call::body, call -> call));
        row(table, "invocations in the log", log.invocations().size());
        row(table, "  the client has the answer", count(it -> answered.containsKey(body(it))));
        row(
                table,
                "  the client was told, and it was answered",
                count(it -> !answered.containsKey(body(it)) && replies.containsKey(it.id())));
        row(
                table,
                "  the client was told, and nobody answered",
                count(it -> !answered.containsKey(body(it)) && !replies.containsKey(it.id())));
        row(table, "executions that came to an end", log.replies().size());
        row(table, "  first ones of their invocations", replies.size());
        row(table, "  duplicates", log.replies().size() - replies.size());
        failures().forEach((message, times) -> row(table, "  without an answer: " + message, times));
        row(table, "what does not balance", discrepancies().size());
        return table.toString();
    }

    private static void row(StringBuilder table, String what, long count) {
        table.append("%-44s %,8d%n".formatted(what, count));
    }

    private long heard(Class<? extends Heard> what) {
        return calls.stream().filter(call -> what.isInstance(call.heard())).count();
    }

    private long refused(int status) {
        return calls.stream()
                .filter(call -> call.heard() instanceof Heard.Refusal refusal && refusal.status() == status)
                .count();
    }

    private long longestMillis() {
        return calls.stream()
                .mapToLong(call -> TimeUnit.NANOSECONDS.toMillis(call.ended() - call.sent()))
                .max()
                .orElse(0);
    }

    private long count(Predicate<Invocation> which) {
        return log.invocations().stream().filter(which).count();
    }

    private Map<String, Long> failures() {
        return log.replies().stream()
                .flatMap(reply -> reply.outcome() instanceof Reply.Failure failure
                        ? Stream.of(failure.message())
                        : Stream.empty())
                .collect(groupingBy(message -> message, TreeMap::new, counting()));
    }
}
