package dev.photon.executor;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.photon.executor.wasm.NextHandler;
import dev.photon.protocol.Digest;
import dev.photon.protocol.Header;
import dev.photon.protocol.PathDecoder;
import dev.photon.protocol.Reply;
import dev.photon.registry.ArtifactStore;
import dev.photon.registry.AssetFile;
import dev.photon.registry.Assets;
import dev.photon.registry.Manifest;
import dev.photon.registry.Site;
import dev.photon.registry.SiteSearch;
import io.vertx.core.http.MimeMapping;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The static files of functions, for handlers that pass a request on. Thread-safe. What is not on disk yet is fetched by
 * other threads than the guests', since an interrupt must not meet Kafka's client.
 */
final class NextFiles {
    private static final Logger LOG = LoggerFactory.getLogger(NextFiles.class);
    private static final int MAX_SITES = 100;
    private static final Duration IDLE = Duration.ofMinutes(10);

    private final ArtifactStore artifacts;
    private final Executor loaders;
    private final Cache<Digest, CompletableFuture<Site>> opened =
            Caffeine.newBuilder().maximumSize(MAX_SITES).expireAfterAccess(IDLE).build();

    NextFiles(ArtifactStore artifacts, Executor loaders) {
        this.artifacts = artifacts;
        this.loaders = loaders;
    }

    /** What is behind a version's function. */
    NextHandler of(Manifest manifest) {
        return manifest.assets().<NextHandler>map(this::of).orElse(NextHandler.NONE);
    }

    private NextHandler of(Assets assets) {
        return (method, uri) -> method.equals("GET") || method.equals("HEAD") ? find(assets, uri) : Optional.empty();
    }

    private Optional<NextHandler.Response> find(Assets assets, String uri)
            throws NextHandler.Failed, InterruptedException {
        var path = uri.split("[?#]", 2)[0];
        var site = open(assets);
        var decoded = PathDecoder.decode(path).orElse(path);
        var exact = SiteSearch.exact(site.index(), decoded);
        var found = exact instanceof SiteSearch.Nothing
                ? SiteSearch.fallback(
                        site.index(), assets.rules(), assets.rules().spa())
                : exact;
        return switch (found) {
            case SiteSearch.File file -> Optional.of(response(site, file));
            case SiteSearch.Folder folder -> Optional.of(moved(path));
            case SiteSearch.Nothing nothing -> Optional.empty();
        };
    }

    private Site open(Assets assets) throws NextHandler.Failed, InterruptedException {
        var key = assets.last().digest();
        try {
            return opened.get(key, missing -> CompletableFuture.supplyAsync(() -> read(assets), loaders))
                    .get();
        } catch (ExecutionException e) {
            opened.invalidate(key);
            LOG.atWarn()
                    .addKeyValue("digest", key)
                    .addKeyValue("error", e.toString())
                    .log("static files were not fetched");
            throw new NextHandler.Failed("the static files cannot be fetched now");
        }
    }

    private Site read(Assets assets) {
        try {
            return Site.open(artifacts, assets);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static NextHandler.Response response(Site site, SiteSearch.File found) throws NextHandler.Failed {
        var file = found.file();
        var type = AssetFile.contentType(Optional.ofNullable(MimeMapping.mimeTypeForFilename(file.path())));
        var headers = List.of(new Header("content-type", type), new Header("etag", file.entityTag()));
        return new NextHandler.Response(found.status(), headers, content(site, file));
    }

    private static NextHandler.Response moved(String path) {
        var name = path.substring(path.lastIndexOf('/') + 1);
        return new NextHandler.Response(301, List.of(new Header("location", "./" + name + "/")), new byte[0]);
    }

    /** By a file that no interrupt closes. */
    private static byte[] content(Site site, AssetFile file) throws NextHandler.Failed {
        if (file.size() > Reply.MAX_BYTES) {
            throw new NextHandler.Failed(
                    "the file " + file.path() + " has more than " + Reply.MAX_BYTES + " bytes, which next can answer");
        }
        try (var bundle = new RandomAccessFile(site.bundle(file).toFile(), "r")) {
            var content = new byte[(int) file.size()];
            bundle.seek(file.offset());
            bundle.readFully(content);
            return content;
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("file", file.path())
                    .addKeyValue("error", e.toString())
                    .log("static file was not read");
            throw new NextHandler.Failed("the static files cannot be read now");
        }
    }
}
