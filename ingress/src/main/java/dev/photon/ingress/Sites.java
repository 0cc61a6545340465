package dev.photon.ingress;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.photon.protocol.Digest;
import dev.photon.registry.ArtifactStore;
import dev.photon.registry.Assets;
import dev.photon.registry.Site;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * The sites that were asked for lately: their indexes in memory, their contents on disk. Thread-safe; whoever asks for
 * one that is being fetched waits for the same.
 */
final class Sites {
    /** Of all indexes together; one takes some 250 bytes of memory, and 200 more once it was asked for. */
    private static final long MAX_FILES = 400_000;

    private static final Duration IDLE = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final ArtifactStore artifacts;
    private final Cache<Digest, Future<OpenSite>> opened = Caffeine.newBuilder()
            .maximumWeight(MAX_FILES)
            .weigher(Sites::weight)
            .expireAfterAccess(IDLE)
            .build();

    Sites(Vertx vertx, ArtifactStore artifacts) {
        this.vertx = vertx;
        this.artifacts = artifacts;
    }

    private static int weight(Digest bundle, Future<OpenSite> site) {
        return site.succeeded() ? site.result().index().files().size() : 1;
    }

    /** Completed already when the site was asked for before; fails when its content cannot be fetched now. */
    Future<OpenSite> open(Assets assets) {
        var key = assets.last().digest();
        var known = opened.getIfPresent(key);
        if (known != null) {
            return known;
        }
        return opened.get(key, missing -> {
            var opening = vertx.executeBlocking(() -> new OpenSite(Site.open(artifacts, assets)), false);
            opening.onSuccess(site -> opened.put(key, opening)).onFailure(failure -> opened.invalidate(key));
            return opening;
        });
    }

    /** The next who asks looks at the disk again. */
    void forget(Assets assets) {
        opened.invalidate(assets.last().digest());
    }
}
