package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.photon.protocol.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All files of a version, by path. Stands at the end of the version's last bundle, as a JSON array of {@code [path, hex
 * of the SHA-256, size, bundle, offset]}. Immutable.
 */
public final class AssetIndex {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, AssetFile> files;

    private AssetIndex(Map<String, AssetFile> files) {
        this.files = files;
    }

    static AssetIndex of(Stream<AssetFile> files) {
        var byPath = new TreeMap<String, AssetFile>();
        files.forEach(file -> byPath.put(file.path(), file));
        return new AssetIndex(byPath);
    }

    /**
     * Reads the index of these assets.
     *
     * @param bundle the file with the last of their bundles
     * @throws IOException when it is not there, or is no index
     */
    static AssetIndex read(Assets assets, Path bundle) throws IOException {
        var index = new byte[assets.indexBytes()];
        try (var file = new RandomAccessFile(bundle.toFile(), "r")) {
            file.seek(file.length() - index.length);
            file.readFully(index);
        }
        return decode(index);
    }

    static AssetIndex decode(byte[] index) throws IOException {
        try {
            return of(Stream.of(JSON.readValue(index, Object[][].class)).map(AssetIndex::file));
        } catch (JacksonException | RuntimeException e) {
            throw new IOException("the index of the static files cannot be read", e);
        }
    }

    private static AssetFile file(Object[] entry) {
        return new AssetFile(
                (String) entry[0],
                new Digest((String) entry[1]),
                ((Number) entry[2]).longValue(),
                (Integer) entry[3],
                ((Number) entry[4]).longValue());
    }

    byte[] encode() {
        try {
            return JSON.writeValueAsBytes(files.values().stream()
                    .map(file ->
                            new Object[] {file.path(), file.digest().hex(), file.size(), file.bundle(), file.offset()})
                    .toList());
        } catch (JacksonException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<AssetFile> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /** In the order of their paths. */
    public Collection<AssetFile> files() {
        return files.values();
    }

    /** The same for the same paths with the same contents, wherever they lie. */
    Digest tree() {
        var text = new ByteArrayOutputStream();
        for (var file : files.values()) {
            text.writeBytes((file.path() + '\0' + file.digest().hex() + '\n').getBytes(UTF_8));
        }
        return Digest.of(text.toByteArray());
    }

    long bytes() {
        return files.values().stream().mapToLong(AssetFile::size).sum();
    }
}
