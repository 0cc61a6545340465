package dev.photon.registry;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file's content, at most 2 GiB, mapped into memory: read where it is needed, and never on the heap as a whole. Used
 * and closed by the thread that opened it; the content must not be touched afterwards. A file that is deleted meanwhile
 * stays readable.
 */
public final class MappedFile implements AutoCloseable {
    private final Arena arena;
    private final ByteBuffer content;

    private MappedFile(Arena arena, ByteBuffer content) {
        this.arena = arena;
        this.content = content;
    }

    @SuppressWarnings("MustBeClosedChecker") // the arena is closed with this
    public static MappedFile open(Path file) throws IOException {
        var arena = Arena.ofConfined();
        try (var channel = FileChannel.open(file)) {
            var mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new MappedFile(arena, mapped.asByteBuffer());
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** One that may be missing. */
    public static Part open(Optional<Path> file) throws IOException {
        return new Part(file.isPresent() ? Optional.of(open(file.get())) : Optional.empty());
    }

    /** A file's content, if there is a file. */
    public record Part(Optional<MappedFile> file) implements AutoCloseable {
        public Optional<ByteBuffer> content() {
            return file.map(MappedFile::content);
        }

        @Override
        public void close() {
            file.ifPresent(MappedFile::close);
        }
    }

    /** The whole content, from position 0 on; each call gets a buffer of its own. */
    public ByteBuffer content() {
        return content.duplicate();
    }

    @Override
    public void close() {
        arena.close();
    }
}
