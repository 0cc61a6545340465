package dev.photon.replicator;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where content lies from the moment it came until the registry has it. It is the replicator's own, also beside others of
 * the same region: executors keep what they fetch, and here nothing may stay, neither because the disk is finite nor after
 * the function is gone.
 *
 * <p>Its lock is held as long as its process lives. A folder whose lock is free was left by one that was killed.
 */
final class TransitFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TransitFolder.class);
    private static final String LOCK = ".lock";

    /** Of this process, which on some systems would lose a lock by looking at it (see {@link FileLock}). */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel held;

    private TransitFolder(Path path, FileChannel held) {
        this.path = path;
        this.held = held;
    }

    /**
     * A new one, after what the killed left was removed.
     *
     * @param cache which other processes may share, also those of other regions
     * @throws IOException when it cannot be made
     */
    static synchronized TransitFolder open(Path cache, String region) throws IOException {
        // Not replicator/, where a build that came before would find folders, and not start.
        var all = Files.createDirectories(cache.resolve("transit").resolve(region))
                .toRealPath();
        // So that nobody takes a folder for left that has no lock yet.
        try (var opening = channel(all.resolve(LOCK))) {
            opening.lock();
            entries(all).forEach(TransitFolder::removeLeft);
            removeEarlier(cache.resolve("replicator").resolve(region));
            var path = Files.createTempDirectory(all, "");
            var held = channel(path.resolve(LOCK));
            held.lock();
            OURS.add(path);
            return new TransitFolder(path, held);
        }
    }

    Path path() {
        return path;
    }

    private static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (var entries = Files.newDirectoryStream(folder, path -> !path.endsWith(LOCK))) {
            var found = new ArrayList<Path>();
            entries.forEach(found::add);
            return found;
        }
    }

    /** What cannot be removed is in nobody's way. */
    private static void removeLeft(Path left) {
        try {
            if (!Files.isDirectory(left)) {
                Files.deleteIfExists(left);
            } else if (!OURS.contains(left)) {
                removeUnlessHeld(left);
            }
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("path", left)
                    .addKeyValue("error", e.toString())
                    .log("what a replicator left that was killed cannot be removed");
        }
    }

    private static void removeUnlessHeld(Path left) throws IOException {
        try (var channel = channel(left.resolve(LOCK))) {
            if (channel.tryLock() != null) {
                remove(left);
            }
        }
    }

    /** Where earlier builds had it, without folders. */
    private static void removeEarlier(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            entries(folder).stream().filter(Files::isRegularFile).forEach(TransitFolder::removeLeft);
        }
    }

    private static void remove(Path folder) throws IOException {
        for (var file : entries(folder)) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder.resolve(LOCK));
        Files.deleteIfExists(folder);
    }

    /** Removes it. */
    @Override
    public void close() throws IOException {
        synchronized (TransitFolder.class) {
            try (held;
                    var closing = channel(path.resolveSibling(LOCK))) {
                closing.lock();
                remove(path);
            } finally {
                OURS.remove(path);
            }
        }
    }
}
