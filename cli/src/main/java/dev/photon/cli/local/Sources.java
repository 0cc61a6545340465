package dev.photon.cli.local;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a function is built from, as it was at one moment: two are equal when nothing was changed in between. What a build
 * makes is not looked at: modules, hidden files, and the folders of package managers and build tools.
 */
record Sources(Map<Path, Stamp> files) {
    private static final Set<String> MADE = Set.of("node_modules", "target", "build", "dist");

    /**
     * @param modified milliseconds since 1970-01-01T00:00Z
     */
    record Stamp(long modified, long size) {}

    /**
     * @param made what the build writes: a script would look like a source
     */
    static Sources of(Path folder, Path made) throws IOException {
        var files = new HashMap<Path, Stamp>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes attributes) {
                return inner.equals(folder) || isSource(inner)
                        ? FileVisitResult.CONTINUE
                        : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (isSource(file) && !file.equals(made)) {
                    files.put(file, new Stamp(attributes.lastModifiedTime().toMillis(), attributes.size()));
                }
                return FileVisitResult.CONTINUE;
            }

            // Editors make and remove files as they save.
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return new Sources(Map.copyOf(files));
    }

    /** Those of another folder, too, which may lie in this one. */
    Sources and(Sources others) {
        var both = new HashMap<>(files);
        both.putAll(others.files);
        return new Sources(Map.copyOf(both));
    }

    private static boolean isSource(Path path) {
        var name = path.getFileName().toString();
        return !name.startsWith(".") && !name.endsWith(".wasm") && !name.endsWith("~") && !MADE.contains(name);
    }
}
