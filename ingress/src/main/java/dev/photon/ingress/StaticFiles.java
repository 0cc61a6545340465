package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.PathDecoder;
import dev.photon.registry.Assets;
import dev.photon.registry.Manifest;
import dev.photon.registry.SiteSearch;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers with a version's files what they can answer, on the request's event loop.
 *
 * <pre>
 * GET or HEAD ─► for the function first? ─► a file, a folder's page ─► the function ─► page of the application, of 404
 * </pre>
 */
final class StaticFiles {
    private static final Logger LOG = LoggerFactory.getLogger(StaticFiles.class);

    /** RFC 9113, section 7. */
    private static final long INTERNAL_ERROR = 2;

    private final Sites sites;
    private final HotFiles hot;
    private final CallCounters counters;

    StaticFiles(Sites sites, HotFiles hot, CallCounters counters) {
        this.sites = sites;
        this.hot = hot;
        this.counters = counters;
    }

    /**
     * @param path what the function would see as its path, percent-encoded
     * @param function what happens when it is the function's
     */
    void handle(HttpServerRequest request, Manifest manifest, String path, Runnable function) {
        var assets = manifest.assets().orElseThrow();
        var read = request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        var decoded = PathDecoder.decode(path);
        var first = decoded.filter(assets.rules()::isForFunction).isPresent();
        if (!manifest.filesOnly() && (!read || decoded.isEmpty() || first)) {
            function.run();
        } else if (!read) {
            request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
            refuse(request, new Problem(ErrorKind.METHOD_NOT_ALLOWED, "there are only files here, to GET"));
        } else {
            var wanted = new Wanted(request, manifest, assets, decoded.orElse(path), System.nanoTime(), function);
            var site = sites.open(assets);
            if (site.succeeded()) {
                wanted.answer(site.result());
            } else {
                request.pause();
                var context = Vertx.currentContext();
                site.onComplete(opened -> context.runOnContext(again -> {
                    if (opened.succeeded()) {
                        wanted.answer(opened.result());
                    } else {
                        LOG.atWarn()
                                .addKeyValue("error", opened.cause().toString())
                                .log("static files not fetched");
                        refuse(request, new Problem(ErrorKind.UNAVAILABLE, "the files cannot be fetched now"));
                    }
                    // Not before somebody listens for the body's end.
                    request.resume();
                }));
            }
        }
    }

    private void refuse(HttpServerRequest request, Problem problem) {
        counters.refused(problem.kind());
        problem.send(request.response());
        Leftovers.drop(request);
    }

    /** A request for a file. */
    private final class Wanted {
        private final HttpServerRequest request;
        private final Manifest manifest;
        private final Assets assets;
        /** Decoded. */
        private final String path;

        private final long began;
        /** What happens when no file is there. */
        private final Runnable function;

        Wanted(
                HttpServerRequest request,
                Manifest manifest,
                Assets assets,
                String path,
                long began,
                Runnable function) {
            this.request = request;
            this.manifest = manifest;
            this.assets = assets;
            this.path = path;
            this.began = began;
            this.function = function;
        }

        void answer(OpenSite site) {
            switch (SiteSearch.exact(site.index(), path)) {
                case SiteSearch.File found -> send(site, found);
                case SiteSearch.Folder folder -> move();
                case SiteSearch.Nothing nothing -> {
                    var page = isPage(request);
                    if (!manifest.filesOnly() && !(assets.rules().spa() && page)) {
                        function.run();
                    } else {
                        fallBack(site, page);
                    }
                }
            }
        }

        private void fallBack(OpenSite site, boolean page) {
            switch (SiteSearch.fallback(site.index(), assets.rules(), page)) {
                case SiteSearch.File found -> send(site, found);
                case SiteSearch.Folder folder -> move();
                case SiteSearch.Nothing nothing ->
                    refuse(request, new Problem(ErrorKind.NOT_FOUND, "there is no such file"));
            }
        }

        private void send(OpenSite site, SiteSearch.File found) {
            var sent = new FileResponse(site, hot, found.file(), found.status(), manifest).send(request);
            count(sent.status(), sent.bytes());
            sent.done().onSuccess(done -> Leftovers.drop(request)).onFailure(failure -> {
                // The file is gone, or the client: a short body would not be noticed by all.
                sites.forget(assets);
                cut();
            });
        }

        private void count(int status, long bytes) {
            counters.admitted(manifest.name(), manifest.version(), began).answered(status, 0, (int) bytes);
        }

        private void cut() {
            if (request.version() == HttpVersion.HTTP_2) {
                request.response().reset(INTERNAL_ERROR);
            } else {
                request.connection().close();
            }
        }

        /** Relative links of the page need the slash (RFC 3986, section 5.2.3). */
        private void move() {
            var query =
                    Optional.ofNullable(request.query()).map(text -> "?" + text).orElse("");
            var name = request.path().substring(request.path().lastIndexOf('/') + 1);
            request.response()
                    .setStatusCode(301)
                    .putHeader(HttpHeaders.LOCATION, "./" + name + "/" + query)
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                    .end();
            count(301, 0);
            Leftovers.drop(request);
        }
    }

    /** Whether a browser goes there (Fetch Metadata), or a client says that it shows what it gets. */
    private static boolean isPage(HttpServerRequest request) {
        var mode = request.getHeader("sec-fetch-mode");
        var accepted =
                Optional.ofNullable(request.getHeader(HttpHeaders.ACCEPT)).orElse("");
        return mode == null ? accepted.contains("text/html") : mode.equals("navigate");
    }
}
