package dev.photon.cli.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The first sources of a function, as they lie among this program's resources. */
final class Template {
    private static final String NAME = "{{name}}";

    /** Resources of these names begin with a dot in a function's folder; build tools tend to leave such files out. */
    private static final Set<String> HIDDEN = Set.of("gitignore", "npmrc");

    private final Language language;

    Template(Language language) {
        this.language = language;
    }

    /**
     * Fills a new folder.
     *
     * @param name stands for the template's own; a valid one
     * @throws java.nio.file.FileAlreadyExistsException when there is something already
     */
    void write(Path folder, String name) throws IOException {
        Files.createDirectories(folder.toAbsolutePath().getParent());
        Files.createDirectory(folder);
        for (var file : language.files()) {
            var written = Files.writeString(
                    folder.resolve(HIDDEN.contains(file) ? "." + file : file),
                    resource(file).replace(NAME, name));
            if (file.endsWith(".sh") && !written.toFile().setExecutable(true)) {
                throw new IOException(written + " cannot be made executable");
            }
        }
    }

    private String resource(String file) throws IOException {
        var path = "/templates/" + (Language.SHARED.contains(file) ? "" : language.word() + "/") + file;
        try (var stream = Template.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new FileNotFoundException("this build lacks its resource " + path);
            }
            return new String(stream.readAllBytes(), UTF_8);
        }
    }
}
