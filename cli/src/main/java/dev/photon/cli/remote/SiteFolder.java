package dev.photon.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.photon.protocol.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The static files of a function, as they lie in its folder. Hidden ones, whose names begin with a dot, do not belong to
 * them, except {@code .well-known} (RFC 8615).
 *
 * @param files by their paths in the site, with a slash at the beginning
 */
public record SiteFolder(Map<String, Path> files) {
    /** The entry by which an archive names files of a version that is there already. */
    private static final String UNCHANGED = ".photon/unchanged.json";

    private static final String WELL_KNOWN = ".well-known";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * @throws RemoteFailure when there is no such folder, no file in it, or something else than files
     */
    static SiteFolder read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new RemoteFailure(
                    RemoteFailure.REFUSED, "there is no folder " + folder + ", which [static_assets] names");
        }
        var files = new TreeMap<String, Path>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
                return inner.equals(folder) || isShown(inner) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (isShown(file)) {
                    if (!attributes.isRegularFile()) {
                        throw new RemoteFailure(
                                RemoteFailure.REFUSED, file + " is a link or a device, and only files are deployed");
                    }
                    files.put("/" + folder.relativize(file).toString().replace('\\', '/'), file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        if (files.isEmpty()) {
            throw new RemoteFailure(RemoteFailure.REFUSED, "there are no files in " + folder);
        }
        return new SiteFolder(files);
    }

    private static boolean isShown(Path path) {
        var name = path.getFileName().toString();
        return !name.startsWith(".") || name.equals(WELL_KNOWN);
    }

    /** Of all files together. */
    public long bytes() throws IOException {
        var bytes = 0L;
        for (var file : files.values()) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    /**
     * Writes a zip archive of the files, without those whose contents a deployed version has.
     *
     * @param deployed what {@code GET /function/{name}/assets} says of that version
     * @return how many files are in it
     */
    int archive(Path to, Optional<JsonNode> deployed) throws IOException {
        var known = new HashSet<String>();
        deployed.ifPresent(version -> version.path("files")
                .forEach(file -> known.add(file.path("digest").asText())));
        var unchanged = new TreeMap<String, String>();
        try (var zip = new ZipOutputStream(Files.newOutputStream(to))) {
            for (var file : files.entrySet()) {
                if (!isKnown(file.getValue(), known, digest -> unchanged.put(file.getKey(), digest))) {
                    entry(zip, file.getKey().substring(1), content -> Files.copy(file.getValue(), content));
                }
            }
            if (!unchanged.isEmpty()) {
                var said = JSON.createObjectNode()
                        .put("version", deployed.orElseThrow().path("version").asText());
                said.set("files", JSON.valueToTree(unchanged));
                entry(zip, UNCHANGED, content -> content.write(JSON.writeValueAsBytes(said)));
            }
        }
        return files.size() - unchanged.size();
    }

    private interface Known {
        void is(String digest);
    }

    private static boolean isKnown(Path file, Set<String> digests, Known known) throws IOException {
        if (digests.isEmpty()) {
            return false;
        }
        var digest = Digest.of(file).toString();
        var there = digests.contains(digest);
        if (there) {
            known.is(digest);
        }
        return there;
    }

    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private static void entry(ZipOutputStream zip, String name, Content content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        content.writeTo(zip);
        zip.closeEntry();
    }
}
