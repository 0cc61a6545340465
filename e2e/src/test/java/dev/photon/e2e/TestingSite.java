package dev.photon.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Static files of a test, by their names. */
record TestingSite(Map<String, byte[]> files) {
    static TestingSite empty() {
        return new TestingSite(Map.of());
    }

    TestingSite with(String name, String content) {
        return with(name, content.getBytes(UTF_8));
    }

    TestingSite with(String name, byte[] content) {
        var more = new TreeMap<>(files);
        more.put(name, content);
        return new TestingSite(more);
    }

    byte[] zip() {
        var written = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(written)) {
            for (var file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return written.toByteArray();
    }
}
