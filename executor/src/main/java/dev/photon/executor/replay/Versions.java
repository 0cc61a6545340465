package dev.photon.executor.replay;

import dev.photon.protocol.Invocation;
import dev.photon.protocol.Target;
import dev.photon.registry.Deployed;
import dev.photon.registry.FunctionView;
import dev.photon.registry.Manifest;
import dev.photon.registry.Resolution;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which versions a record is run with. Thread-safe.
 *
 * @param candidate the one that is tried
 * @param baseline the one that it is compared with; empty when it is not there any more
 */
record Versions(Manifest candidate, Function<Invocation, Optional<Manifest>> baseline) {
    /**
     * @param named the baseline of all; empty for the version that each record was for
     * @throws Stopped when the candidate is not there
     */
    static Versions of(FunctionView view, Target.Resolved candidate, Optional<String> named) throws Stopped {
        var manifest = here(view, candidate.function(), candidate.version())
                .filter(found -> found.digest().equals(candidate.digest()))
                .orElseThrow(() -> new Stopped("version " + candidate.version() + " is not here, or was deleted"));
        return new Versions(
                manifest,
                named.isPresent()
                        ? invocation -> here(view, candidate.function(), named.get())
                        : invocation -> recorded(view, invocation));
    }

    private static Optional<Manifest> here(FunctionView view, String function, String version) {
        return view.deployed(function, version)
                .filter(Deployed::isHere)
                .map(Deployed::manifest)
                .filter(manifest -> !manifest.filesOnly());
    }

    private static Optional<Manifest> recorded(FunctionView view, Invocation invocation) {
        return switch (invocation.target()) {
            case Target.Resolved target ->
                here(view, target.function(), target.version())
                        .filter(manifest -> manifest.digest().equals(target.digest()));
            case Target.Named target ->
                view.resolve(target.function(), target.version(), invocation::id) instanceof Resolution.Found found
                        ? here(view, target.function(), found.manifest().version())
                        : Optional.empty();
        };
    }
}
