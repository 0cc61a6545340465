package dev.photon.registry;

import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    private final FunctionView view;
    private final DecisionLog log;
    private final ChunkWriter chunks;
    private final Clock clock;

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
        var same = view.with(digest).stream()
                .flatMap(Manifest::artifacts)
                .filter(known -> known.digest().equals(digest))
                .findFirst();
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

    /** The states that follow when these versions go. */
    List<State> condemned(List<Manifest> gone) {
        var leaving = Set.copyOf(gone);
        var byDigest = new LinkedHashMap<Digest, Manifest.Chunks>();
        gone.stream().flatMap(Manifest::artifacts).forEach(one -> byDigest.put(one.digest(), one.chunks()));
        var states = new ArrayList<State>();
        byDigest.forEach((digest, place) -> {
            if (leaving.containsAll(view.with(digest))) {
                states.add(new State.Condemnation(
                        new Condemned(digest, place.partition(), place.count(), clock.millis())));
            }
        });
        return states;
    }

    /** Removes one of those that were forgotten, if there is any. */
    void collect() throws InterruptedException {
        var found = forgotten();
        if (found.isEmpty()) {
            return;
        }
        if (chunks.hasPartition(found.get().partition())) {
            log.remove(found.get());
        } else {
            // The topic was made anew, with fewer.
            log.commit(List.of(new State.NoCondemnation(found.get().digest())));
        }
    }

    private Optional<Condemned> forgotten() {
        var before = clock.millis() - REMEMBERED.toMillis();
        return view.condemned().stream()
                .filter(artifact -> artifact.since() <= before
                        && view.with(artifact.digest()).isEmpty())
                .findFirst();
    }
}
