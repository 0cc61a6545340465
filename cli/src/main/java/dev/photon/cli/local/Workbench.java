package dev.photon.cli.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.cli.remote.FunctionFolder;
import dev.photon.cli.remote.RemoteFailure;
import dev.photon.cli.remote.Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Keeps a region the same as the sources of some folders: builds each when it changes, and deploys what was built as a
 * pre-release. A build that fails changes nothing. All of it is the work of one thread, except {@link #isFunction}.
 *
 * <pre>
 * every 200 ms: folders ─► Sources ─► other than before, and settled? ─► Recipe ─► deploy ─► delete the one before last
 * </pre>
 */
final class Workbench implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final FunctionFolders folders;
    private final Server region;
    private final Screen screen;
    private final Recipe recipe = new Recipe(SearchPath.ofEnvironment());
    private final Map<Path, Watched> watched = new HashMap<>();
    private volatile Set<String> functions = Set.of();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Optional<Thread> thread = Optional.empty();

    Workbench(FunctionFolders folders, Server region, Screen screen) {
        this.folders = folders;
        this.region = region;
        this.screen = screen;
    }

    /**
     * Builds everything once, and from then on what changes.
     *
     * @param ready runs in between
     */
    void start(Runnable ready) {
        thread = Optional.of(Thread.ofPlatform().name("workbench").start(() -> work(ready)));
    }

    /** Whether one of that name is deployed from here. Any thread may ask. */
    boolean isFunction(String name) {
        return functions.contains(name);
    }

    private void work(Runnable ready) {
        try {
            buildAll();
            ready.run();
            while (!closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            // That is how a build ends.
        }
    }

    private void buildAll() throws InterruptedException {
        try {
            for (var folder : folders.list()) {
                build(folder, watched.computeIfAbsent(folder, unknown -> new Watched()));
            }
        } catch (IOException e) {
            screen.line("the sources cannot be looked at: " + e.getMessage());
        }
    }

    private void look() throws InterruptedException {
        try {
            var now = folders.list();
            for (var folder : now) {
                var function = watched.computeIfAbsent(folder, unknown -> new Watched());
                if (function.isDue(sources(folder))) {
                    build(folder, function);
                }
            }
            for (var gone : Set.copyOf(watched.keySet())) {
                if (!now.contains(gone)) {
                    forget(watched.remove(gone));
                }
            }
        } catch (IOException e) {
            screen.line("the sources cannot be looked at: " + e.getMessage());
        }
    }

    private static Sources sources(Path folder) throws IOException {
        try {
            var read = FunctionFolder.read(folder);
            var sources = Sources.of(folder, read.file());
            return read.site().isPresent() ? sources.and(Sources.of(read.site().get(), folder)) : sources;
        } catch (RemoteFailure e) {
            // Its photoniq.toml does not parse, so nothing is made.
            return Sources.of(folder, folder);
        }
    }

    private void build(Path folder, Watched function) throws InterruptedException {
        var began = System.nanoTime();
        try {
            function.trying(sources(folder));
            var read = FunctionFolder.read(folder);
            switch (recipe.build(read)) {
                case Recipe.Result.Built built -> {
                    var version = deploy(read, function, built);
                    screen.line("%1$s was built in %2$,d ms: %3$s, %4$,d bytes, answers at /%1$s"
                            .formatted(read.name(), millisSince(began), version.text(), built.bytes()));
                }
                case Recipe.Result.Failed failed -> {
                    screen.lines(failed.output());
                    refused(folder, function, failed.reason());
                }
            }
        } catch (IOException | RuntimeException e) {
            // Whatever stands in the folder, the next change of it must be seen.
            refused(folder, function, String.valueOf(e.getMessage()));
        }
    }

    private DevelopmentVersion deploy(FunctionFolder read, Watched function, Recipe.Result.Built built)
            throws IOException, InterruptedException {
        var name = built.settings().name();
        if (function.name().filter(before -> !before.equals(name)).isPresent()) {
            forget(function);
        }
        var version = function.next(built.settings().version());
        for (var value : LocalSecrets.of(built.settings()).entrySet()) {
            var secret = built.settings().secrets().get(value.getKey());
            region.put(region.at("secrets", secret), value.getValue().getBytes(UTF_8));
        }
        read.deployment(Optional.empty(), version.in(read.toml())).to(region);
        var superseded = function.serve(name, version);
        publish();
        for (var old : superseded) {
            delete(region.at("function", name, old.text()));
        }
        return version;
    }

    private void refused(Path folder, Watched function, String reason) {
        var before = function.latest().map(version -> "; " + version.text() + " goes on answering");
        screen.line("%s was not built: %s%s".formatted(folder.getFileName(), reason, before.orElse("")));
    }

    private void forget(Watched function) throws IOException, InterruptedException {
        var name = function.forget();
        publish();
        if (name.isPresent() && !isFunction(name.get())) {
            delete(region.at("function", name.get()));
            screen.line(name.get() + " is gone");
        }
    }

    private void publish() {
        functions = watched.values().stream()
                .flatMap(function -> function.name().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The region goes on without: at worst an old version takes space. */
    private void delete(URI what) throws IOException, InterruptedException {
        try {
            region.delete(what);
        } catch (RemoteFailure e) {
            screen.line("an old version stays: " + e.getMessage());
        }
    }

    private static long millisSince(long began) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    /** A build that is going on is ended. */
    @Override
    public void close() {
        closing.countDown();
        thread.ifPresent(Workbench::end);
    }

    private static void end(Thread working) {
        working.interrupt();
        try {
            working.join(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
