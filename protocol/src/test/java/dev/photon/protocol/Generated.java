package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** What the codecs' properties range over. */
final class Generated {
    private static final List<String> NAMES = List.of(
            Headers.SPEC_VERSION,
            Headers.ID,
            Headers.SOURCE,
            Headers.TYPE,
            Headers.SCHEMA,
            Headers.FUNCTION,
            Headers.VERSION,
            Headers.DIGEST,
            Headers.VIEW,
            Headers.ORIGIN,
            Headers.ORIGIN_VIEW,
            Headers.DEADLINE,
            Headers.REMAINING,
            Headers.REPLY_PARTITION,
            Headers.REPLY_INSTANCE,
            Headers.REPLY_TOPIC,
            Headers.METHOD,
            Headers.PATH,
            Headers.QUERY,
            Headers.TRACEPARENT,
            Headers.STATUS,
            Headers.ERROR,
            Headers.MESSAGE,
            Headers.EXECUTOR,
            Headers.QUEUED,
            Headers.COLD_START,
            Headers.RUN,
            Headers.CONTENT_TYPE,
            Headers.BODY,
            Headers.BODY_PARTITION,
            Headers.BODY_OFFSET,
            Headers.BODY_LAST_OFFSET,
            Headers.BODY_PIECES,
            Headers.BODY_SIZE,
            "http_",
            "http_accept",
            "toml",
            "ce_photonupload",
            "ce_photonuploadpartition",
            "ce_photonuploadoffset",
            "ce_photonuploadchunks",
            "ce_photonuploadsize",
            "ce_photonunchanged",
            "ce_photontopic",
            "ce_photonaction",
            "ce_photoninstance",
            "ce_photonminute",
            "ce_photonrequests",
            "ce_photonerrors",
            "ce_photonuploaded",
            "ce_photondownloaded",
            "ce_photonbaseline",
            "ce_photonfrom",
            "ce_photonto",
            "ce_photontrigger",
            "ce_photonsink",
            DeadLetterCodec.MARK,
            "photon-function",
            "photon-version",
            "photon-topic",
            "photon-partition",
            "photon-offset",
            "photon-timestamp",
            "photon-attempts",
            "photon-error",
            "photon-message",
            "photon-failed-at",
            "photon-key",
            "photon-value",
            "photon-left-out");

    private Generated() {}

    /** Any text that UTF-8 can carry. */
    static Arbitrary<String> text() {
        return Arbitraries.strings()
                .withCharRange('\u0000', '\uD7FF')
                .withCharRange('\uE000', '\uFFFD')
                .ofMaxLength(40);
    }

    static Arbitrary<String> someText() {
        return text().filter(text -> !text.isEmpty());
    }

    static Arbitrary<byte[]> body() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(64);
    }

    static Arbitrary<Digest> digest() {
        return body().map(Digest::of);
    }

    /** Header fields as they come out again: the content type, which has a place of its own, at the end. */
    static Arbitrary<List<Header>> headers() {
        var names = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars('-', '_', '.')
                .ofMinLength(1)
                .ofMaxLength(20)
                .filter(name -> !name.equals(Headers.CONTENT_TYPE));
        var fields = Combinators.combine(names, text()).as(Header::new).list().ofMaxSize(6);
        return Combinators.combine(fields, text().optional()).as((list, type) -> {
            var all = new ArrayList<>(list);
            type.ifPresent(value -> all.add(new Header(Headers.CONTENT_TYPE, value)));
            return all;
        });
    }

    static Arbitrary<Invocation> invocationsOfIngresses() {
        var offset = Arbitraries.longs().greaterOrEqual(0);
        var views = Arbitraries.oneOf(
                offset.map(ViewPosition::of),
                Combinators.combine(offset, someText(), offset).as(ViewPosition::new));
        var targets = Combinators.combine(someText(), someText(), digest(), views)
                .as((function, version, digest, view) -> (Target) new Target.Resolved(function, version, digest, view));
        var partitions = Arbitraries.integers().greaterOrEqual(0);
        var ingresses = Combinators.combine(partitions, someText()).as(ReplyTo.Ingress::new);
        Arbitrary<ReplyTo> replies = Arbitraries.oneOf(
                ingresses.map(ingress -> ingress),
                Combinators.combine(partitions, Arbitraries.of(true, false), ingresses.optional())
                        .as(ReplyTo.Results::new));
        return Combinators.combine(invocations(targets, replies), pieces().optional())
                .as((invocation, pieces) -> pieces.map(invocation::in).orElse(invocation))
                .flatMap(invocation -> callKeys()
                        .optional()
                        .map(key -> key.map(invocation::keyed).orElse(invocation)));
    }

    static Arbitrary<Replay> replays() {
        var offset = Arbitraries.longs().greaterOrEqual(0);
        var targets = Combinators.combine(someText(), someText(), digest(), offset.map(ViewPosition::of))
                .as(Target.Resolved::new);
        var deadlines = Combinators.combine(offset, Arbitraries.longs().greaterOrEqual(1))
                .as(Deadline::new);
        var ingresses = Combinators.combine(Arbitraries.integers().greaterOrEqual(0), someText())
                .as(ReplyTo.Ingress::new);
        var stretches = Combinators.combine(offset, offset).as((from, to) -> new long[] {from, to});
        var topics = Combinators.combine(
                        someText().optional(), someText().optional(), someText().optional())
                .as((baseline, trigger, sink) -> List.of(baseline, trigger, sink));
        return Combinators.combine(someText(), text(), targets, stretches, topics, deadlines, ingresses)
                .as((id, source, candidate, times, named, deadline, replyTo) -> new Replay(
                        id,
                        source,
                        candidate,
                        named.get(0),
                        times[0],
                        times[1],
                        named.get(1),
                        named.get(2),
                        deadline,
                        replyTo));
    }

    static Arbitrary<CallKey> callKeys() {
        return Combinators.combine(digest(), digest()).as((hash, payload) -> new CallKey(hash.hex(), payload));
    }

    static Arbitrary<Pieces> pieces() {
        return Combinators.combine(
                        Arbitraries.integers().greaterOrEqual(0),
                        Arbitraries.longs().between(0, 1L << 40),
                        Arbitraries.longs().between(0, 1L << 40),
                        Arbitraries.integers().between(1, 1 << 20),
                        Arbitraries.integers().between(1 << 20, Integer.MAX_VALUE))
                .as((partition, first, more, count, size) -> new Pieces(partition, first, first + more, count, size));
    }

    static Arbitrary<Invocation> invocationsOfPublishers() {
        var targets = Combinators.combine(someText(), someText().optional())
                .as((function, version) -> (Target) new Target.Named(function, version));
        Arbitrary<ReplyTo> replies = Arbitraries.oneOf(
                Arbitraries.create(ReplyTo.Nobody::new), someText().map(ReplyTo.Topic::new));
        return invocations(targets, replies);
    }

    private static Arbitrary<Invocation> invocations(Arbitrary<Target> targets, Arbitrary<ReplyTo> replies) {
        var deadlines = Combinators.combine(
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.longs().greaterOrEqual(1))
                .as(Deadline::new);
        var heads = Combinators.combine(
                        someText(), text().map(path -> path.isEmpty() ? "" : "/" + path), text(), headers())
                .as(Invocation.HttpHead::new);
        return Combinators.combine(
                        someText(), text(), targets, deadlines.optional(), replies, heads, text().optional(), body())
                .as(Invocation::new);
    }

    static Arbitrary<Reply> replies() {
        var times = Arbitraries.longs().greaterOrEqual(0);
        var timings =
                Combinators.combine(someText(), someText(), times, times, times).as(Reply.Timing::new);
        var answers = Combinators.combine(Arbitraries.integers().between(200, 599), headers(), body())
                .as((status, headers, body) -> (Reply.Outcome) new Reply.Answer(status, headers, body));
        var begun = Combinators.combine(
                        Arbitraries.integers().between(200, 599),
                        headers(),
                        text(),
                        Arbitraries.integers().greaterOrEqual(0),
                        Arbitraries.longs().greaterOrEqual(0))
                .as((status, headers, body, partition, offset) ->
                        (Reply.Outcome) new Reply.Begun(status, headers, body, partition, offset));
        var failures = Combinators.combine(Arbitraries.of(ErrorKind.class), text())
                .as((kind, message) -> (Reply.Outcome) new Reply.Failure(kind, message));
        return Combinators.combine(
                        someText(),
                        text().optional(),
                        text().optional(),
                        Arbitraries.oneOf(answers, begun, failures),
                        timings)
                .as(Reply::new);
    }

    static Arbitrary<Command> commands() {
        return Combinators.combine(
                        someText(),
                        someText(),
                        Arbitraries.oneOf(
                                deploys(),
                                deletes(),
                                aliases(),
                                aliasDeletes(),
                                keys(),
                                revocations(),
                                secrets(),
                                secretDeletes(),
                                triggerChanges(),
                                entries(),
                                entryDeletes(),
                                someText().map(Command.Drain::new),
                                someText().map(Command.Undrain::new)))
                .as(Command::new);
    }

    private static Arbitrary<Command.Change> deploys() {
        var inline = body().filter(bytes -> bytes.length > 0)
                .map(bytes -> (Command.Content) new Command.Content.Inline(bytes));
        var uploaded = Combinators.combine(
                        someText(),
                        Arbitraries.integers().greaterOrEqual(0),
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.integers().between(1, 1 << 20),
                        Arbitraries.longs().greaterOrEqual(1),
                        digest())
                .as(Command.Content.Uploaded::new);
        var modules = Arbitraries.oneOf(inline, uploaded.map(upload -> (Command.Content) upload));
        return Combinators.combine(text(), someText(), modules.optional(), uploaded.optional())
                .as((name, toml, module, assets) -> new Command.Deploy(name, toml, module, assets))
                .filter(deploy -> deploy.module().isPresent() || deploy.assets().isPresent())
                .map(deploy -> deploy);
    }

    private static Arbitrary<Command.Change> deletes() {
        return Combinators.combine(someText(), someText().optional(), Arbitraries.of(true, false))
                .as(Command.Delete::new);
    }

    private static Arbitrary<Command.Change> aliases() {
        return Combinators.combine(someText(), someText(), body().filter(bytes -> bytes.length > 0))
                .as(Command.SetAlias::new);
    }

    private static Arbitrary<Command.Change> keys() {
        return Combinators.combine(someText(), body().filter(bytes -> bytes.length > 0))
                .as(Command.SetKey::new);
    }

    private static Arbitrary<Command.Change> revocations() {
        return someText().map(Command.RevokeKey::new);
    }

    private static Arbitrary<Command.Change> secrets() {
        return Combinators.combine(someText(), body().filter(bytes -> bytes.length > 0))
                .as(Command.SetSecret::new);
    }

    private static Arbitrary<Command.Change> secretDeletes() {
        return Combinators.combine(someText(), Arbitraries.of(true, false)).as(Command.DeleteSecret::new);
    }

    private static Arbitrary<Command.Change> triggerChanges() {
        return Arbitraries.oneOf(
                Combinators.combine(someText(), someText()).as(Command.PauseTrigger::new),
                Combinators.combine(someText(), someText()).as(Command.ResumeTrigger::new),
                Combinators.combine(someText(), someText(), body()).as(Command.SeekTrigger::new));
    }

    private static Arbitrary<Command.Change> entries() {
        return Combinators.combine(someText(), body().filter(bytes -> bytes.length > 0))
                .as(Command.SetEntry::new);
    }

    private static Arbitrary<Command.Change> entryDeletes() {
        return Combinators.combine(someText(), Arbitraries.of(true, false)).as(Command.DeleteEntry::new);
    }

    private static Arbitrary<Command.Change> aliasDeletes() {
        return Combinators.combine(someText(), someText()).as(Command.DeleteAlias::new);
    }

    static Arbitrary<CommandResult> results() {
        var accepted = Combinators.combine(
                        someText(),
                        someText().optional(),
                        digest().optional(),
                        Arbitraries.of(true, false),
                        Arbitraries.longs().greaterOrEqual(0),
                        text().optional())
                .as((function, version, digest, unchanged, view, warning) -> (CommandResult.Decision)
                        new CommandResult.Accepted(function, version, digest, unchanged, view, warning));
        var rejected = Combinators.combine(Arbitraries.of(ErrorKind.class), text())
                .as((kind, reason) -> (CommandResult.Decision) new CommandResult.Rejected(kind, reason));
        return Combinators.combine(someText(), Arbitraries.oneOf(accepted, rejected))
                .as(CommandResult::new);
    }

    /** Records with any key, value and headers, many of them nearly right. */
    static Arbitrary<ConsumerRecord<byte[], byte[]>> garbage() {
        var plausible = Arbitraries.of("1", "0", "-1", "99999999999999999999", "1.0", "", "/", "200", "true", "a")
                .map(text -> text.getBytes(UTF_8));
        var digests = digest().map(digest -> digest.toString().getBytes(UTF_8));
        var values = Arbitraries.oneOf(plausible, digests, body()).injectNull(0.1);
        var names = Arbitraries.frequencyOf(Tuple.of(9, Arbitraries.of(NAMES)), Tuple.of(1, text()));
        var headers =
                Combinators.combine(names, values).as(RecordHeader::new).list().ofMaxSize(40);
        return Combinators.combine(body().injectNull(0.2), body().injectNull(0.2), headers)
                .as((key, value, list) -> TestingRecords.consumed(key, value, new RecordHeaders(List.copyOf(list))));
    }

    /** A well-formed record of which one header is gone, or says something else. */
    static Arbitrary<ConsumerRecord<byte[], byte[]>> damaged(Arbitrary<ConsumerRecord<byte[], byte[]>> sound) {
        return Combinators.combine(sound, Arbitraries.integers().between(0, 1000), body().optional())
                .as((record, place, other) -> {
                    var headers = new ArrayList<>(Arrays.asList(record.headers().toArray()));
                    var name = headers.remove(place % headers.size()).key();
                    other.ifPresent(value -> headers.add(new RecordHeader(name, value)));
                    return TestingRecords.consumed(record.key(), record.value(), new RecordHeaders(headers));
                });
    }
}
