package dev.photon.cli.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where programs are looked for. */
record SearchPath(List<Path> folders) {
    private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));

    /** That of this process; an empty entry is left out, for it would be the working directory. */
    static SearchPath ofEnvironment() {
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return new SearchPath(SEPARATOR
                .splitAsStream(path)
                .filter(folder -> !folder.isEmpty())
                .map(Path::of)
                .toList());
    }

    /** All programs of that name, in the order in which they are found. */
    Stream<Path> all(String program) {
        return folders.stream()
                .map(folder -> folder.resolve(program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file));
    }

    Optional<Path> first(String program) {
        return all(program).findFirst();
    }

    /** What a program writes when it is run with these arguments; empty when it fails. */
    static Optional<String> ask(Path program, String... arguments) throws InterruptedException {
        var command = Stream.concat(Stream.of(program.toString()), Stream.of(arguments))
                .toList();
        try {
            var asked = Subprocess.run(Path.of(""), Map.of(), command);
            return asked.succeeded() ? Optional.of(asked.output().strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
