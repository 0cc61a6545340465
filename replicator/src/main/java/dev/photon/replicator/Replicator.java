package dev.photon.replicator;

import dev.photon.protocol.Mirror;
import dev.photon.protocol.Region;
import dev.photon.protocol.RegionConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the functions of other regions to this one: a copy of what they are, and the content of those that run here.
 * Thread-safe.
 *
 * <p>Where MirrorMaker 2 makes the copies, it brings the content from what that copied, and nothing else.
 *
 * <p>A region needs one. Of a second, each flow fences that of the first as soon as there is something to write; they
 * take turns then, and nothing is copied twice.
 */
public final class Replicator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replicator.class);

    private final TransitFolder folder;
    private final List<Readings> readings;
    private final List<Flow> flows;
    private final Contents contents;

    /**
     * A replicator at work.
     *
     * @throws IOException when nothing can be kept in the cache's folder
     */
    public Replicator(RegionConfig region, ReplicatorConfig config) throws IOException {
        var bandwidth = new Bandwidth(config.bytesPerSecond(), System::nanoTime);
        this.folder = TransitFolder.open(config.cache(), region.name());
        var pauses = new Pauses();
        var perRegion = new ArrayList<Readings>();
        var opened = new ArrayList<Flow>();
        var lanes = new ArrayList<Lane>();
        for (var origin : region.others()) {
            var own = new Readings(origin.name());
            perRegion.add(own);
            if (region.mirror() == Mirror.MIRROR_MAKER) {
                var copy = new Region(origin.name(), region.kafka(), origin.url());
                var topics = region.topics().mirrored(origin.name());
                lanes.add(new Lane(copy, topics, folder.path(), bandwidth, own, pauses));
            } else {
                opened.add(new Flow(region, origin, bandwidth, own));
                lanes.add(new Lane(origin, region.topics(), folder.path(), bandwidth, own, pauses));
            }
        }
        this.readings = List.copyOf(perRegion);
        this.flows = List.copyOf(opened);
        this.contents = new Contents(region, new Lanes(lanes), pauses);
        flows.forEach(Flow::start);
        contents.start();
    }

    /** Whether it can bring what other regions have. That one of them does not answer does not matter. */
    public boolean ready() {
        return contents.ready() && flows.stream().allMatch(Flow::started);
    }

    /** Whether it makes the copies of functions itself, and so knows how far they are. */
    public boolean copies() {
        return !flows.isEmpty();
    }

    /** What was done with each other region, in the order they were named. */
    public List<Readings> readings() {
        return readings;
    }

    /** Returns within seconds, also when other regions do not answer. */
    @Override
    public void close() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            flows.forEach(flow -> threads.execute(flow::close));
            threads.execute(contents::close);
        }
        try {
            folder.close();
        } catch (IOException e) {
            // The next one tries again.
            LOG.atWarn().addKeyValue("error", e.toString()).log("folder of content on its way could not be removed");
        }
    }
}
