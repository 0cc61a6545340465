package dev.photon.registry;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Who waits for versions whose content is on its way here. Thread-safe. */
final class AwaitedContents {
    private final FunctionTable table;
    private final Map<Coming, CompletableFuture<Void>> awaited = new ConcurrentHashMap<>();

    private record Coming(String function, String version) {}

    AwaitedContents(FunctionTable table) {
        this.table = table;
    }

    /** Completes when the version is not coming any more: it is here, or it was deleted. */
    CompletableFuture<Void> await(Manifest manifest) {
        var waiter = awaited.computeIfAbsent(
                new Coming(manifest.name(), manifest.version()), added -> new CompletableFuture<>());
        // It may have come between the caller's look and the registration.
        look();
        return waiter.copy();
    }

    /** Tells those whose wait is over. */
    void look() {
        awaited.forEach((coming, waiter) -> {
            if (!isComing(coming)) {
                waiter.complete(null);
                awaited.remove(coming, waiter);
            }
        });
    }

    private boolean isComing(Coming version) {
        return Optional.ofNullable(table.function(version.function()).versions().get(version.version()))
                .filter(deployed -> deployed.presence() == Deployed.Presence.COMING)
                .isPresent();
    }
}
