package dev.photon.ingress;

import dev.photon.ingress.deadletters.DeadLetterReader;
import dev.photon.ingress.deadletters.DeadLetterSender;
import dev.photon.ingress.deadletters.Rank;
import dev.photon.protocol.DeadLetter;
import dev.photon.protocol.ErrorKind;
import dev.photon.registry.FunctionView;
import dev.photon.registry.Trigger;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;

/**
 * Dead letters are listed, shown, tried again and dropped. Each request reads Kafka with a consumer of its own, so only a
 * few run at once.
 */
final class DeadLettersHandler {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;
    private static final int AT_ONCE = 4;

    private final Vertx vertx;
    private final FunctionView view;
    private final DeadLetterReader reader;
    private final DeadLetterSender sender;
    private final Semaphore running = new Semaphore(AT_ONCE);

    DeadLettersHandler(Vertx vertx, FunctionView view, DeadLetterReader reader, DeadLetterSender sender) {
        this.vertx = vertx;
        this.view = view;
        this.reader = reader;
        this.sender = sender;
    }

    /** Leaves the work on a request with what the client is told. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final ErrorKind kind;

        Refused(ErrorKind kind, String reason) {
            super(reason, null, false, false);
            this.kind = kind;
        }
    }

    /** What a request wants; read on the event loop, done on a worker thread. */
    private interface Wish {
        /**
         * @throws IllegalArgumentException with a sentence for the caller
         */
        Callable<JsonObject> read();
    }

    /** The newest first. */
    void list(RoutingContext exchange) {
        answer(exchange, 200, () -> {
            var function = parameters(exchange).text("functionName");
            var query = query(exchange, function, true);
            return () -> DeadLetterJson.page(reader.list(query));
        });
    }

    void show(RoutingContext exchange) {
        answer(exchange, 200, () -> {
            var id = id(exchange);
            return () -> DeadLetterJson.whole(find(id).letter());
        });
    }

    void redrive(RoutingContext exchange) {
        answer(exchange, 202, () -> {
            var id = id(exchange);
            return () -> {
                var letter = find(id).letter();
                if (!letter.isWhole()) {
                    throw new Refused(
                            ErrorKind.CONFLICT,
                            "the record was too large to be kept here: it is at offset %d of partition %d of %s"
                                    .formatted(id.offset(), id.partition(), id.topic()));
                }
                if (!hasTrigger(id)) {
                    throw new Refused(
                            ErrorKind.CONFLICT,
                            "the function '%s' has no trigger of '%s' any more".formatted(id.function(), id.topic()));
                }
                sender.redrive(List.of(letter));
                return told(id, "accepted");
            };
        });
    }

    private boolean hasTrigger(DeadLetter.Id id) {
        return view.triggers().stream()
                .map(Trigger::position)
                .anyMatch(trigger -> trigger.function().equals(id.function())
                        && trigger.topic().equals(id.topic()));
    }

    void drop(RoutingContext exchange) {
        answer(exchange, 200, () -> {
            var id = id(exchange);
            return () -> {
                sender.drop(id, find(id).partition());
                return told(id, "dropped");
            };
        });
    }

    private static JsonObject told(DeadLetter.Id id, String status) {
        return new JsonObject().put("id", id.toString()).put("status", status);
    }

    /** The oldest first. */
    void redriveAll(RoutingContext exchange) {
        answer(exchange, 202, () -> {
            var query = query(exchange, Optional.of(exchange.pathParam("name")), false);
            var until = until(query);
            return () -> {
                var page = reader.list(query);
                var whole = page.letters().stream()
                        .filter(letter -> letter.kept() == DeadLetter.Kept.ALL && hasTrigger(letter.id()))
                        .toList();
                var redriven = new AtomicInteger();
                var read = reader.read(whole, letters -> {
                    sender.redrive(letters);
                    redriven.addAndGet(letters.size());
                });
                return told(page, read, until)
                        .put("redriven", redriven.get())
                        .put("leftOut", page.letters().size() - whole.size());
            };
        });
    }

    /** The oldest first. */
    void dropAll(RoutingContext exchange) {
        answer(exchange, 200, () -> {
            var query = query(exchange, Optional.of(exchange.pathParam("name")), false);
            var until = until(query);
            return () -> {
                var page = reader.list(query);
                sender.drop(page.letters());
                return told(page, true, until).put("dropped", page.letters().size());
            };
        });
    }

    /** Those that fail again meanwhile would be on a later page otherwise, and the pages without end. */
    private static Instant until(DeadLetterReader.Query query) {
        return Instant.ofEpochMilli(query.until().orElseGet(System::currentTimeMillis));
    }

    private static JsonObject told(DeadLetterReader.Page page, boolean done, Instant until) {
        var json = new JsonObject().put("complete", page.complete() && done).put("until", until.toString());
        if (done) {
            page.next().ifPresent(next -> json.put("next", next.toString()));
        }
        return json;
    }

    private static DeadLetterReader.Query query(
            RoutingContext exchange, Optional<String> function, boolean newestFirst) {
        var parameters = parameters(exchange);
        var after = parameters.text("after");
        var begin = after.flatMap(Rank::parse);
        if (after.isPresent() && begin.isEmpty()) {
            throw new IllegalArgumentException("after is what the answer before said in next");
        }
        var limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        var until = newestFirst ? OptionalLong.empty() : until(parameters);
        return new DeadLetterReader.Query(function, parameters.text("topic"), newestFirst, begin, until, limit);
    }

    /** Nothing on the first page: what fails again while it is read is there all the same. */
    private static OptionalLong until(Parameters parameters) {
        try {
            return parameters.text("until").stream()
                    .mapToLong(text -> Instant.parse(text).toEpochMilli())
                    .findFirst();
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("until is a time such as 2024-01-01T00:00:00Z");
        }
    }

    private static Parameters parameters(RoutingContext exchange) {
        return new Parameters(exchange.request()::getParam);
    }

    private static DeadLetter.Id id(RoutingContext exchange) {
        var text = String.join(
                "/",
                exchange.pathParam("name"),
                exchange.pathParam("topic"),
                exchange.pathParam("partition"),
                exchange.pathParam("offset"));
        return DeadLetter.Id.parse(text)
                .orElseThrow(() ->
                        new IllegalArgumentException("a dead letter's id is <function>/<topic>/<partition>/<offset>"));
    }

    private DeadLetterReader.Found find(DeadLetter.Id id) throws Refused, InterruptedException {
        var search = reader.find(id);
        if (!search.complete()) {
            throw new Refused(ErrorKind.UNAVAILABLE, "the dead letters are too many to be read in time");
        }
        return search.found()
                .orElseThrow(() -> new Refused(ErrorKind.NOT_FOUND, "there is no dead letter '" + id + "'"));
    }

    private void answer(RoutingContext exchange, int status, Wish wish) {
        Callable<JsonObject> work;
        try {
            work = wish.read();
        } catch (IllegalArgumentException e) {
            refuse(exchange, ErrorKind.BAD_REQUEST, e.getMessage());
            return;
        }
        if (!running.tryAcquire()) {
            refuse(exchange, ErrorKind.OVERLOADED, "too many requests about dead letters are running");
            return;
        }
        vertx.executeBlocking(work, false)
                .onComplete(done -> running.release())
                .onSuccess(answer -> Http.json(exchange.response(), status, answer))
                .onFailure(failure -> problem(failure).send(exchange.response()));
    }

    private static Problem problem(Throwable failure) {
        return switch (failure) {
            case Refused refused -> new Problem(refused.kind, refused.getMessage());
            case KafkaException away ->
                new Problem(ErrorKind.UNAVAILABLE, "the event log does not answer now; part of it may be done");
            default -> new Problem(ErrorKind.INTERNAL, "the request failed here, not through your fault");
        };
    }

    private static void refuse(RoutingContext exchange, ErrorKind kind, String reason) {
        new Problem(kind, reason).send(exchange.response());
    }
}
