package dev.photon.cli.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A function's folder under watch, and what of it is deployed. Confined to the workbench's thread. */
final class Watched {
    private Optional<Sources> seen = Optional.empty();
    private Optional<Sources> tried = Optional.empty();
    private final Deque<DevelopmentVersion> deployed = new ArrayDeque<>();
    private Optional<String> name = Optional.empty();
    private int builds;

    /** Whether it is time to build: these sources were not tried yet, and were the same a moment ago. */
    boolean isDue(Sources now) {
        var settled = seen.filter(now::equals).isPresent();
        seen = Optional.of(now);
        return settled && !tried.equals(seen);
    }

    void trying(Sources now) {
        seen = Optional.of(now);
        tried = seen;
    }

    DevelopmentVersion next(String version) {
        builds++;
        return DevelopmentVersion.of(version, builds);
    }

    /**
     * A build is there under this name.
     *
     * @return the versions that can go. The one before stays for the calls that were on their way to it, unless it would
     *     be taken for the later one
     */
    Deque<DevelopmentVersion> serve(String function, DevelopmentVersion version) {
        var superseded = new ArrayDeque<DevelopmentVersion>();
        var kept = deployed.stream().anyMatch(old -> !old.core().equals(version.core())) ? 0 : 1;
        while (deployed.size() > kept) {
            superseded.add(deployed.removeFirst());
        }
        deployed.addLast(version);
        name = Optional.of(function);
        return superseded;
    }

    /**
     * Nothing of it is to be served any more.
     *
     * @return what it was called by
     */
    Optional<String> forget() {
        var before = name;
        name = Optional.empty();
        deployed.clear();
        return before;
    }

    /** What it is called by; empty before its first build. */
    Optional<String> name() {
        return name;
    }

    Optional<DevelopmentVersion> latest() {
        return Optional.ofNullable(deployed.peekLast());
    }
}
