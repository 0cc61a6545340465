package dev.photon.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.photon.protocol.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.io.input.BoundedInputStream;
import org.apache.commons.io.input.ChecksumInputStream;

/**
 * The zip archive of static files that a stranger sent (PKWARE's APPNOTE 6.3). Nothing of it is unpacked under a name
 * that the archive chose. Confined to one thread.
 */
final class AssetZip implements AutoCloseable {
    /** What an entry says that stands for files of a version that is there already. */
    static final String UNCHANGED = ".photon/unchanged.json";

    private static final String RESERVED = ".photon/";
    private static final int MAX_PATH = 1_024;
    /** Of the directory at the archive's end, which is read into memory. */
    private static final int MAX_DIRECTORY = 4 << 20;

    /** As stat(2) has them. */
    private static final int FILE_KIND = 0170000;

    private static final int REGULAR_FILE = 0100000;
    private static final int MAX_UNCHANGED = 4 << 20;
    /** No control characters, no backslash, and not what a decoder puts where bytes were no text. */
    private static final Pattern ODD = Pattern.compile("[\\p{Cntrl}\\\\\uFFFD]");

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Files that need not be sent again.
     *
     * @param version that has them
     * @param files digests by path
     */
    record Unchanged(String version, Map<String, Digest> files) {}

    private final ZipFile zip;
    private final Map<String, ZipArchiveEntry> files = new TreeMap<>();

    private AssetZip(ZipFile zip) {
        this.zip = zip;
    }

    /**
     * @param content between the buffer's position and limit; must stay as it is until this is closed
     * @throws Refused when it is no archive, or has an entry that no site needs
     */
    static AssetZip open(ByteBuffer content) throws Refused {
        var channel = new BufferChannel(content);
        channel.bound(MAX_DIRECTORY);
        try {
            var zip = new AssetZip(ZipFile.builder()
                    .setSeekableByteChannel(channel)
                    .setIgnoreLocalFileHeader(true)
                    .get());
            channel.bound(Long.MAX_VALUE);
            zip.examine();
            return zip;
        } catch (IOException | RuntimeException e) {
            throw new Refused("staticAssets is not a zip archive that can be read here: " + e.getMessage());
        }
    }

    private void examine() throws Refused {
        for (var entry : Collections.list(zip.getEntries())) {
            if (entry.isDirectory()) {
                continue;
            }
            var name = entry.getName();
            requireRegular(entry);
            if (!name.equals(UNCHANGED)) {
                requirePath(name);
            }
            if (files.put("/" + name, entry) != null) {
                throw refused(name, "is there twice");
            }
            if (files.size() > Assets.MAX_FILES + 1) {
                throw new Refused("a version has at most " + Assets.MAX_FILES + " static files");
            }
        }
    }

    private void requireRegular(ZipArchiveEntry entry) throws Refused {
        // Archives from systems that know no kinds of files say nothing of it.
        var kind = entry.getUnixMode() & FILE_KIND;
        if (kind != 0 && kind != REGULAR_FILE) {
            throw refused(entry.getName(), "is a link or a device, and only files are taken");
        }
        if (!zip.canReadEntryData(entry)) {
            throw refused(entry.getName(), "is encrypted, or packed in a way that is not read here");
        }
    }

    private static void requirePath(String name) throws Refused {
        if (name.length() > MAX_PATH || ODD.matcher(name).find()) {
            throw refused(name, "has a name that is too long, or of odd characters");
        }
        if (name.startsWith(RESERVED)) {
            throw refused(name, "lies in a folder that is ours");
        }
        for (var segment : name.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw refused(name, "would lie outside of the site, or has an empty name");
            }
        }
    }

    private static Refused refused(String name, String why) {
        return new Refused("staticAssets: '" + Refused.shortened(name) + "' " + why);
    }

    /** The paths of the files whose contents are there. */
    Set<String> paths() {
        var paths = new HashSet<>(files.keySet());
        paths.remove("/" + UNCHANGED);
        return paths;
    }

    /**
     * @param most bytes that may come of it, whatever the archive says; with more, the copy is that much and one byte
     * @return the digest of what was copied
     */
    Digest copy(String path, OutputStream to, long most) throws IOException {
        try (var content = bounded(files.get(path), most)) {
            return Digest.ofCopy(content, to);
        }
    }

    private InputStream bounded(ZipArchiveEntry entry, long most) throws IOException {
        var verified = ChecksumInputStream.builder()
                .setInputStream(zip.getInputStream(entry))
                .setChecksum(new CRC32())
                .setExpectedChecksumValue(entry.getCrc())
                .get();
        return BoundedInputStream.builder()
                .setInputStream(verified)
                .setMaxCount(most + 1)
                .get();
    }

    /** What the archive says of files that it does not contain. */
    Optional<Unchanged> unchanged() throws Refused, IOException {
        var entry = files.get("/" + UNCHANGED);
        if (entry == null) {
            return Optional.empty();
        }
        try (var content = bounded(entry, MAX_UNCHANGED)) {
            var text = content.readAllBytes();
            if (text.length > MAX_UNCHANGED) {
                throw refused(UNCHANGED, "is too large");
            }
            return Optional.of(unchanged(JSON.readTree(text)));
        } catch (JacksonException e) {
            throw refused(UNCHANGED, "is no JSON");
        }
    }

    private static Unchanged unchanged(JsonNode said) throws Refused {
        var digests = new TreeMap<String, Digest>();
        for (var file : said.path("files").properties()) {
            var digest = Digest.parse(file.getValue().asText(""));
            if (!file.getKey().startsWith("/") || digest.isEmpty()) {
                throw refused(UNCHANGED, "must be {\"version\": …, \"files\": {\"/path\": \"sha256:…\"}}");
            }
            requirePath(file.getKey().substring(1));
            digests.put(file.getKey(), digest.get());
        }
        return new Unchanged(said.path("version").asText(""), digests);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
