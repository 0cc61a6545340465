package dev.photon.registry;

/** Which file of a site a path means. */
public sealed interface SiteSearch {
    /**
     * A file is there, or stands in for what is not.
     *
     * @param status 200, or 404 for the page that says so
     */
    record File(AssetFile file, int status) implements SiteSearch {}

    /** A folder's page, which is found with a slash at the path's end. */
    record Folder() implements SiteSearch {}

    /** No file. */
    record Nothing() implements SiteSearch {}

    /**
     * A file, or the page of a folder.
     *
     * @param path decoded, as the function sees it
     */
    static SiteSearch exact(AssetIndex index, String path) {
        var wanted = path.endsWith("/") ? path.substring(0, path.length() - 1) + Assets.INDEX : path;
        var file = index.file(wanted);
        if (file.isPresent()) {
            return new File(file.get(), 200);
        }
        return !path.endsWith("/") && index.file(path + Assets.INDEX).isPresent() ? new Folder() : new Nothing();
    }

    /**
     * What is answered where nothing is, and no function either.
     *
     * @param page whether the client shows what it gets
     */
    static SiteSearch fallback(AssetIndex index, Assets.Rules rules, boolean page) {
        if (rules.spa() && page) {
            return index.file(Assets.INDEX)
                    .<SiteSearch>map(file -> new File(file, 200))
                    .orElseGet(Nothing::new);
        }
        return index.file(rules.notFound())
                .<SiteSearch>map(file -> new File(file, 404))
                .orElseGet(Nothing::new);
    }
}
