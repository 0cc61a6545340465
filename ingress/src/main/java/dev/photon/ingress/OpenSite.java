package dev.photon.ingress;

import dev.photon.registry.AssetFile;
import dev.photon.registry.AssetIndex;
import dev.photon.registry.Site;
import io.vertx.core.http.MimeMapping;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A site that is on disk, and what answers with its files have in common. Thread-safe. */
final class OpenSite {
    private final Site site;
    private final Map<String, Head> heads = new ConcurrentHashMap<>();

    OpenSite(Site site) {
        this.site = site;
    }

    /**
     * What does not depend on the request.
     *
     * @param forEverybody Cache-Control where no key is needed
     * @param forKeys the same where one is
     * @param codings those that lie beside the file
     */
    record Head(
            String contentType, String entityTag, String forEverybody, String forKeys, List<ContentCoding> codings) {}

    AssetIndex index() {
        return site.index();
    }

    /** The file on disk that has the content, at the file's offset. */
    String bundle(AssetFile file) {
        return site.bundle(file).toString();
    }

    Head head(AssetFile file) {
        return heads.computeIfAbsent(file.path(), path -> describe(file));
    }

    private Head describe(AssetFile file) {
        return new Head(
                AssetFile.contentType(Optional.ofNullable(MimeMapping.mimeTypeForFilename(file.path()))),
                file.entityTag(),
                Freshness.cacheControl(file.path(), true),
                Freshness.cacheControl(file.path(), false),
                Stream.of(ContentCoding.values())
                        .filter(coding -> beside(file, coding).isPresent())
                        .toList());
    }

    Optional<AssetFile> beside(AssetFile file, ContentCoding coding) {
        return index().file(file.path() + coding.suffix());
    }
}
