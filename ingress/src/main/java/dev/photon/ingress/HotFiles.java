package dev.photon.ingress;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.photon.protocol.Digest;
import dev.photon.registry.AssetFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Optional;

/**
 * Copies in memory of small files that were asked for lately. Sending one of them from there takes one system call, where
 * opening and sending what is on disk takes five. Thread-safe; nobody waits for a copy.
 */
final class HotFiles {
    private static final long MAX_FILE = 64 << 10;
    private static final long MAX_ALL = 64 << 20;
    /** Of the heap, for small ones. */
    private static final int SHARE = 16;

    private final Vertx vertx;
    private final Cache<Content, Future<Buffer>> copies = Caffeine.newBuilder()
            .maximumWeight(Math.min(MAX_ALL, Runtime.getRuntime().maxMemory() / SHARE))
            .weigher((Content content, Future<Buffer> copy) -> content.size())
            .build();

    private record Content(Digest digest, int size) {}

    HotFiles(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Empty for a large file, and until it was copied: somebody has to ask first. */
    Optional<Buffer> copy(OpenSite site, AssetFile file) {
        if (file.size() > MAX_FILE) {
            return Optional.empty();
        }
        var content = new Content(file.digest(), (int) file.size());
        var copy = copies.get(content, asked -> vertx.executeBlocking(() -> read(site, file), false));
        if (copy.failed()) {
            copies.invalidate(content);
        }
        return copy.succeeded() ? Optional.of(copy.result()) : Optional.empty();
    }

    private static Buffer read(OpenSite site, AssetFile file) throws IOException {
        var content = new byte[(int) file.size()];
        try (var bundle = new RandomAccessFile(site.bundle(file), "r")) {
            bundle.seek(file.offset());
            bundle.readFully(content);
        }
        return Buffer.buffer(content);
    }
}
