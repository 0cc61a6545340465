package dev.photon.registry;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.RegionConfig;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which regions take new calls: this one or another, of which it will hear. Confined to the registry's thread. */
final class RegionDecider {
    private static final Logger LOG = LoggerFactory.getLogger(RegionDecider.class);

    private final FunctionView view;
    private final Clock clock;
    private final Set<String> regions;

    RegionDecider(RegionConfig region, FunctionView view, Clock clock) {
        this.view = view;
        this.clock = clock;
        this.regions = Stream.concat(
                        Stream.of(region.name()), region.others().stream().map(other -> other.name()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * A region that was drained takes calls again also when it is the only one left, or not configured any more.
     *
     * @throws Refused when there is no such region, or none beside it to which its calls could go
     */
    Verdict decide(String region, boolean draining, String by) throws Refused {
        if (draining) {
            checkCanDrain(region);
        } else if (view.wished(region).isEmpty()) {
            checkKnown(region);
        }
        // Also what is so already: a wish of another region may be on its way, and the last one is to count.
        LOG.atInfo()
                .addKeyValue("region", region)
                .addKeyValue("draining", draining)
                .addKeyValue("by", by)
                .log("region is drained, or not any more");
        var state = new RegionState(region, draining, by, clock.millis());
        return new Verdict.Accepted(region, List.of(new State.Wished(state)));
    }

    private void checkCanDrain(String region) throws Refused {
        checkKnown(region);
        if (regions.size() == 1) {
            throw new Refused("there is no region beside this one that its calls could go to");
        }
    }

    private void checkKnown(String region) throws Refused {
        if (!regions.contains(region)) {
            throw new Refused(ErrorKind.NOT_FOUND, "PHOTON_REGIONS has no region '" + Refused.shortened(region) + "'");
        }
    }
}
