package dev.photon.replicator;

import dev.photon.registry.FunctionView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Brings content from whichever other region has it. First asked is the one that deployed it; when that is lost, the
 * others may have been brought the same content before. Thread-safe.
 *
 * @param all in the order in which they are asked
 */
record Lanes(List<Lane> all) {
    Lanes {
        all = List.copyOf(all);
    }

    /** Whether the content is here now. If it is, the view knows. Why not, is logged. */
    boolean bring(FunctionView.Absent absent, Handover handover) {
        for (var lane : candidates(absent.origin())) {
            var file = lane.fetch(absent.origin(), absent.artifact());
            if (file.isPresent()) {
                return lane.handOver(file.get(), absent.artifact(), handover);
            }
        }
        return false;
    }

    private List<Lane> candidates(String origin) {
        var candidates = new ArrayList<>(all);
        // Silence costs 10 s each time that it is waited for.
        candidates.sort(Comparator.comparing(Lane::isSilent)
                .thenComparing(lane -> !lane.origin().equals(origin)));
        return candidates;
    }
}
