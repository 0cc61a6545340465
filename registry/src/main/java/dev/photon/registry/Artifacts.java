package dev.photon.registry;

import dev.photon.protocol.Digest;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The modules on {@code photon.artifacts}, each content once. One that no version names is condemned, and is forgotten a
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
    Manifest.Chunks place(Digest digest, ByteBuffer content) throws InterruptedException {
        var same = view.with(digest);
        if (!same.isEmpty()) {
            return same.getFirst().chunks();
        }
        var condemned = view.condemned(digest);
        var partition = condemned.isPresent() ? condemned.get().partition() : chunks.partition(digest.hex());
        if (condemned.isEmpty()) {
            var count = Chunking.count(content.remaining());
            log.commit(List.of(new State.Doomed(new Condemned(digest, partition, count, clock.millis()))));
        }
        return chunks.write(partition, index -> Chunking.artifactKey(digest, index), content);
    }

    /** The states that follow when these versions go. */
    List<State> condemned(List<Manifest> gone) {
        var now = clock.millis();
        return gone.stream()
                .filter(manifest -> gone.containsAll(view.with(manifest.digest())))
                .map(manifest -> new Condemned(
                        manifest.digest(),
                        manifest.chunks().partition(),
                        manifest.chunks().count(),
                        now))
                .distinct()
                .<State>map(State.Doomed::new)
                .toList();
    }

    /** One to be removed now, if there is any. */
    Optional<Condemned> forgotten() {
        var before = clock.millis() - REMEMBERED.toMillis();
        return view.condemned().stream()
                .filter(artifact -> artifact.since() <= before
                        && view.with(artifact.digest()).isEmpty())
                .findFirst();
    }
}
