package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** An archive of files, with whatever an honest program would not write. */
final class TestingZip {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ZipArchiveOutputStream zip = new ZipArchiveOutputStream(written);

    TestingZip file(String name, String content) {
        return entry(new ZipArchiveEntry(name), content.getBytes(UTF_8));
    }

    TestingZip file(String name, byte[] content) {
        return entry(new ZipArchiveEntry(name), content);
    }

    /**
     * @param mode as stat(2) has it, with the kind of file
     */
    TestingZip special(String name, int mode, String content) {
        var entry = new ZipArchiveEntry(name);
        entry.setUnixMode(mode);
        return entry(entry, content.getBytes(UTF_8));
    }

    private TestingZip entry(ZipArchiveEntry entry, byte[] content) {
        try {
            zip.putArchiveEntry(entry);
            zip.write(content);
            zip.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return written.toByteArray();
    }

    ByteBuffer archive() {
        return ByteBuffer.wrap(bytes());
    }
}
