package dev.photon.registry;

import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * The modules and bundles of files on {@code photon.artifacts}, each content once. One that no version names is condemned, and is forgotten a
 * day later if it still is. Confined to the registry's thread.
 *
 * <pre>
 *            deploy: chunks written          decision
 *   (none) ───────────────────────► condemned ◄──────► named by a version
 *      ▲                                │     last version deleted
 *      └────────────────────────────────┘
 *               a day: chunks removed
 * </pre>
 */
final class Artifacts {
    /** In case that it is deployed again, or still being read. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    /** From one look for what is left to the next. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private static final int MOST_ADOPTED = 100;

    private final FunctionView view;
    private final DecisionLog log;
    private final ChunkWriter chunks;
    private final Clock clock;
    private long looked = System.nanoTime();
    /** Of the view, when it was looked the last time. */
    private long seen;

    Artifacts(FunctionView view, DecisionLog log, ChunkWriter chunks, Clock clock) {
        this.view = view;
        this.log = log;
        this.chunks = chunks;
        this.clock = clock;
    }

    /**
     * Where the content lies; when it is condemned, the decision must end that. Chunks are written outside of the
     * decision's transaction, so they are condemned before: should it never come, they are forgotten, too.
     */
    Artifact place(ByteBuffer content) throws Refused, InterruptedException {
        var digest = Digest.of(content);
        var same = view.local(digest);
        if (same.isPresent()) {
            return same.get();
        }
        var condemned = view.condemned(digest).filter(known -> chunks.hasPartition(known.partition()));
        var partition = condemned.isPresent() ? condemned.get().partition() : chunks.partition(digest.hex());
        if (condemned.isEmpty()) {
            var count = Chunking.count(content.remaining());
            log.commit(List.of(new State.Condemnation(new Condemned(digest, partition, count, clock.millis()))));
        }
        try {
            var place = chunks.write(partition, index -> Chunking.artifactKey(digest, index), content);
            return new Artifact(digest, content.remaining(), place);
        } catch (RecordTooLargeException e) {
            throw new Refused(
                    ErrorKind.UNAVAILABLE,
                    "the brokers take no records of " + Chunking.CHUNK_BYTES + " bytes: raise their max.message.bytes");
        }
    }

    /** The states that follow when these versions go, whichever region deployed them. */
    List<State> condemned(List<Manifest> gone) {
        var leaving = gone.stream().map(Artifacts::name).collect(Collectors.toSet());
        var left = new LinkedHashMap<Digest, Artifact>();
        gone.stream()
                .flatMap(version -> view.said(version.name(), version.version()).standing().stream())
                .flatMap(said -> said.value().artifacts())
                .forEach(needed -> view.local(needed.digest()).ifPresent(here -> left.put(here.digest(), here)));
        return following(left.values(), leaving);
    }

    /** Content that nobody needs any more is condemned; what others need is known to lie here without these versions. */
    private List<State> following(Collection<Artifact> left, Set<String> leaving) {
        var states = new ArrayList<State>();
        for (var artifact : left) {
            var needed = view.with(artifact.digest()).stream().anyMatch(user -> !leaving.contains(name(user)));
            states.add(needed ? new State.Placed(artifact) : condemnation(artifact));
        }
        return states;
    }

    private State condemnation(Artifact artifact) {
        return new State.Condemnation(new Condemned(
                artifact.digest(),
                artifact.chunks().partition(),
                artifact.chunks().count(),
                clock.millis()));
    }

    private static String name(Manifest manifest) {
        return manifest.name() + "/" + manifest.version();
    }

    /**
     * Removes one of those that were forgotten, if there is any, and now and then looks for what other regions'
     * deletions left.
     */
    void collect() throws InterruptedException {
        if (System.nanoTime() - looked > PAUSE.toNanos() && view.read() != seen) {
            lookForLeft();
        }
        var found = forgotten();
        if (found.isEmpty()) {
            return;
        }
        if (chunks.hasPartition(found.get().partition())) {
            log.remove(found.get());
        } else {
            // The topic was made anew, with fewer.
            log.commit(List.of(
                    new State.NoCondemnation(found.get().digest()),
                    new State.NoPlaced(found.get().digest())));
        }
    }

    /** A part of what others deleted at a time, so that commands do not wait. */
    private void lookForLeft() throws InterruptedException {
        var read = view.read();
        var deleted = view.deletedByOthers();
        var part = deleted.subList(0, Math.min(deleted.size(), MOST_ADOPTED));
        if (!part.isEmpty()) {
            adopt(part);
        }
        if (part.size() < deleted.size()) {
            return;
        }
        var needed = view.needed();
        var states = new ArrayList<State>();
        for (var artifact : view.placed()) {
            var condemned = view.condemned(artifact.digest()).isPresent();
            if (needed.contains(artifact.digest()) && condemned) {
                states.add(new State.NoCondemnation(artifact.digest()));
            } else if (!needed.contains(artifact.digest()) && !condemned) {
                states.add(condemnation(artifact));
            }
        }
        if (!states.isEmpty()) {
            log.commit(states);
        }
        seen = read;
        looked = System.nanoTime();
    }

    private void adopt(List<Register.Said<Manifest>> deleted) throws InterruptedException {
        var adopted = new ArrayList<DecisionLog.Adopted>();
        var left = new LinkedHashMap<Digest, Artifact>();
        for (var said : deleted) {
            var version = said.value();
            adopted.add(new DecisionLog.Adopted(
                    new State.NoVersion(version.name(), version.version()),
                    view.said(version.name(), version.version()).cleared()));
            version.artifacts().forEach(artifact -> left.put(artifact.digest(), artifact));
        }
        log.adopt(adopted, following(left.values(), Set.of()));
    }

    private Optional<Condemned> forgotten() {
        var before = clock.millis() - REMEMBERED.toMillis();
        return view.condemned().stream()
                .filter(artifact -> artifact.since() <= before
                        && view.with(artifact.digest()).isEmpty())
                .findFirst();
    }
}
