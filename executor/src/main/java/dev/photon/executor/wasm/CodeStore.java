package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Digest;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled code on disk, by the module's digest, the engine's version and the JVM's. What is kept here runs in this
 * process, so nobody else may write it: the folder is this user's alone, or it is not used. Against accidents each file
 * begins with the SHA-256 of its name and the rest; what does not fit is removed and compiled again. Who can write as
 * this user can replace the program itself, so the check holds no secret.
 *
 * <p>Thread-safe; processes of one user may share the folder, since a file appears under its name only when it is
 * complete. Nothing here fails a call: without a disk there is no cache.
 */
public final class CodeStore {
    private static final Logger LOG = LoggerFactory.getLogger(CodeStore.class);
    private static final String PARTIAL = ".partial";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final int CHECK = 32;

    private final Optional<Path> folder;
    private final long maxBytes;
    private final String version;

    /**
     * @param parent whoever owns it is trusted; created if it is missing
     * @param maxBytes of all files, beyond which those that were not read for longest go
     */
    public CodeStore(Path parent, long maxBytes) {
        this(parent, maxBytes, EngineVersion.current());
    }

    CodeStore(Path parent, long maxBytes, String version) {
        this.folder = folder(parent);
        this.maxBytes = maxBytes;
        this.version = version;
    }

    private static Optional<Path> folder(Path parent) {
        try {
            var folder = Files.createDirectories(parent).resolve("compiled");
            try {
                Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            } catch (FileAlreadyExistsException e) {
                // By an earlier process, or by somebody else: looked at below.
            }
            if (isOursAlone(folder)) {
                return Optional.of(folder);
            }
            LOG.atWarn().addKeyValue("folder", folder).log("compiled code is not kept: others may write there");
        } catch (IOException | UnsupportedOperationException e) {
            LOG.atWarn()
                    .addKeyValue("folder", parent)
                    .addKeyValue("error", e.toString())
                    .log("compiled code is not kept: the folder cannot be used");
        }
        return Optional.empty();
    }

    /** Also by way of its parent, whose owner could put another folder in its place. */
    private static boolean isOursAlone(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                || !Files.getPosixFilePermissions(folder).equals(OWNER_ONLY)) {
            return false;
        }
        var probe = Files.createTempFile(folder, "", PARTIAL);
        var self = Files.getOwner(probe);
        Files.delete(probe);
        var parent = Files.getOwner(folder.getParent());
        return Files.getOwner(folder).equals(self)
                && (parent.equals(self) || parent.getName().equals("root"));
    }

    /** Whether anything can be kept. */
    public boolean isUsable() {
        return folder.isPresent();
    }

    /** Whether there is something, which may still turn out to be damaged. */
    public boolean has(Digest digest) {
        return folder.isPresent() && Files.exists(file(digest));
    }

    /** What was written of this module, by this engine on this JVM. */
    public Optional<CompiledCode> read(Digest digest) {
        if (!has(digest)) {
            return Optional.empty();
        }
        var file = file(digest);
        try {
            return Optional.of(read(file));
        } catch (NoSuchFileException e) {
            // Another process needed the room.
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("error", e.toString())
                    .log("compiled code on disk is damaged and compiled again");
            delete(file);
            return Optional.empty();
        }
    }

    private CompiledCode read(Path file) throws IOException {
        if (Files.size(file) > maxBytes) {
            throw new IOException("the file is larger than all may be");
        }
        var bytes = Files.readAllBytes(file);
        if (bytes.length < CHECK || !MessageDigest.isEqual(Arrays.copyOf(bytes, CHECK), check(file, bytes))) {
            throw new IOException("the file is not what was written");
        }
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        return CompiledCode.decode(bytes, CHECK);
    }

    /** Keeps the code, if there is room and a disk. */
    public void write(Digest digest, CompiledCode code) {
        if (folder.isEmpty() || code.bytes() > maxBytes) {
            return;
        }
        try {
            var file = file(digest);
            var bytes = code.encoded(CHECK);
            System.arraycopy(check(file, bytes), 0, bytes, 0, CHECK);
            makeRoom(bytes.length);
            var partial = Files.createTempFile(folder.get(), "", PARTIAL);
            try {
                Files.write(partial, bytes);
                Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("error", e.toString()).log("compiled code could not be kept");
        }
    }

    private record Kept(Path file, long bytes, FileTime used) {}

    /** Also of what other versions of the engine left, and processes that were killed. */
    private void makeRoom(long wanted) throws IOException {
        var all = new ArrayList<Kept>();
        try (var files = Files.newDirectoryStream(folder.orElseThrow())) {
            for (var file : files) {
                try {
                    all.add(new Kept(file, Files.size(file), Files.getLastModifiedTime(file)));
                } catch (NoSuchFileException e) {
                    // Another process was faster.
                }
            }
        }
        all.sort(Comparator.comparing(Kept::used));
        var excess = wanted - maxBytes + all.stream().mapToLong(Kept::bytes).sum();
        for (var oldest = all.iterator(); excess > 0 && oldest.hasNext(); ) {
            var kept = oldest.next();
            Files.deleteIfExists(kept.file());
            excess -= kept.bytes();
        }
    }

    private Path file(Digest digest) {
        return folder.orElseThrow().resolve(digest.hex() + "-" + version);
    }

    private static byte[] check(Path file, byte[] bytes) {
        try {
            var hash = MessageDigest.getInstance("SHA-256");
            hash.update(file.getFileName().toString().getBytes(UTF_8));
            hash.update(bytes, CHECK, bytes.length - CHECK);
            return hash.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("error", e.toString()).log("compiled code could not be removed");
        }
    }
}
