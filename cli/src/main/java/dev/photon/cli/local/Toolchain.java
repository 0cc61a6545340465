package dev.photon.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The stock compiler of a language on this machine, or what there is of it. */
sealed interface Toolchain {

    /**
     * @param description which one it is, for a person
     * @param environment what a recipe needs to be told about it
     */
    record Found(String description, Map<String, String> environment) implements Toolchain {}

    /**
     * @param reason one sentence, with how it is installed on Debian
     */
    record Missing(String reason) implements Toolchain {}

    static Toolchain find(Language language, SearchPath programs) throws InterruptedException {
        return switch (language) {
            case RUST -> rust(programs);
            case C -> c(programs);
            case ASSEMBLYSCRIPT -> assemblyScript(programs);
            case JS -> new Found("none needed", Map.of());
        };
    }

    /** The first compiler that has the standard library of a WASI target: the newest is often without any. */
    private static Toolchain rust(SearchPath programs) throws InterruptedException {
        var compilers = new LinkedHashSet<Path>();
        Optional.ofNullable(System.getenv("RUSTC")).map(Path::of).ifPresent(compilers::add);
        programs.all("rustc").forEach(compilers::add);
        for (var compiler : compilers) {
            for (var target : List.of("wasm32-wasip1", "wasm32-wasi")) {
                var library = SearchPath.ask(compiler, "--print", "target-libdir", "--target", target);
                if (library.filter(folder -> Files.isDirectory(Path.of(folder))).isPresent()) {
                    var version = SearchPath.ask(compiler, "--version").orElse("rustc");
                    return new Found(
                            "%s (%s, %s)".formatted(version, compiler, target),
                            Map.of("RUSTC", compiler.toString(), "RUST_TARGET", target));
                }
            }
        }
        return new Missing(
                compilers.isEmpty()
                        ? "there is no rustc: apt-get install rustc libstd-rust-dev-wasm32"
                        : "rustc has no WASI target: apt-get install rustc libstd-rust-dev-wasm32,"
                                + " or rustup target add wasm32-wasip1");
    }

    /** By trying: what clang needs beside itself comes in three packages and lies in other places everywhere. */
    private static Toolchain c(SearchPath programs) throws InterruptedException {
        var packages = ": apt-get install clang lld wasi-libc libclang-rt-dev-wasm32";
        var compiler = Optional.ofNullable(System.getenv("CLANG")).map(Path::of).or(() -> programs.first("clang"));
        if (compiler.isEmpty()) {
            return new Missing("there is no clang" + packages);
        }
        var clang = compiler.get();
        var version =
                SearchPath.ask(clang, "--version").flatMap(text -> text.lines().findFirst());
        return version.isPresent() && compilesC(clang)
                ? new Found("%s (%s)".formatted(version.get(), clang), Map.of("CLANG", clang.toString()))
                : new Missing("clang cannot build for WASI" + packages);
    }

    private static boolean compilesC(Path clang) throws InterruptedException {
        try {
            var source = Files.createTempFile("photon-", ".c");
            var module = Files.createTempFile("photon-", ".wasm");
            try {
                Files.writeString(source, "#include <stdio.h>\nint main(void) { return puts(\"\") < 0; }\n");
                return SearchPath.ask(clang, "--target=wasm32-wasi", source.toString(), "-o", module.toString())
                        .isPresent();
            } finally {
                Files.delete(source);
                Files.delete(module);
            }
        } catch (IOException e) {
            return false;
        }
    }

    private static Toolchain assemblyScript(SearchPath programs) throws InterruptedException {
        var node = programs.first("node");
        if (node.isEmpty() || programs.first("npm").isEmpty()) {
            return new Missing("there is no node with npm, which fetches the compiler: apt-get install nodejs npm");
        }
        var version = SearchPath.ask(node.get(), "--version").orElse("");
        return new Found("node %s (%s), the compiler by npm".formatted(version, node.get()), Map.of());
    }
}
