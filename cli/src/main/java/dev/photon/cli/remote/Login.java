package dev.photon.cli.remote;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a region is, and the key to it, as {@code faas login} keeps them in a file that only its owner may read.
 *
 * @param url without a path; of several regions that take the same key, with commas between them
 * @param key may be empty
 */
record Login(String url, String key) {
    private static final String FILE = "photon/login.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Each by itself; the text as it is when it names none. */
    static List<String> addresses(String url) {
        var named = Arrays.stream(url.split(",", -1))
                .map(String::strip)
                .filter(address -> !address.isEmpty())
                .distinct()
                .toList();
        return named.isEmpty() ? List.of(url) : named;
    }

    boolean leadsTo(String address) {
        return addresses(url).contains(address);
    }

    private static Path file() {
        var configured = System.getenv("XDG_CONFIG_HOME");
        var folder = configured == null || configured.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".config")
                : Path.of(configured);
        return folder.resolve(FILE);
    }

    static Optional<Login> stored() throws IOException {
        return Files.exists(file()) ? Optional.of(JSON.readValue(file().toFile(), Login.class)) : Optional.empty();
    }

    /** The file is there whole or not at all, and never readable for others. */
    Path store() throws IOException {
        var file = file();
        Files.createDirectories(file.getParent());
        var partial = Files.createTempFile(file.getParent(), "login", ".partial", ownerOnly());
        try {
            Files.write(partial, JSON.writeValueAsBytes(this));
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
        return file;
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
