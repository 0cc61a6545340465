package dev.photon.replicator;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the copy equal to its source where it is not known how far it goes. While the source has nothing and the copy
 * has, the copy is kept: rather old functions than none. Confined to the flow's thread.
 */
final class Repair {
    private static final Logger LOG = LoggerFactory.getLogger(Repair.class);

    private final Intake intake;
    private final Readings readings;
    private final Source.Pace pace;
    private final Pauses pauses;
    private final BooleanSupplier goesOn;

    Repair(Intake intake, Readings readings, Source.Pace pace, Pauses pauses, BooleanSupplier goesOn) {
        this.intake = intake;
        this.readings = readings;
        this.pace = pace;
        this.pauses = pauses;
        this.goesOn = goesOn;
    }

    /** Returns the id of the topic that the copy is equal to. Afterwards the source is where the checkpoint says. */
    String compare(Source source, Copy copy, TopicWatch watch) throws InterruptedException {
        var topicId = watch.await(goesOn, pauses);
        var before = readings.records();
        var comparison = new Comparison(source, copy, intake, readings, goesOn);
        while (!comparison.run(topicId)) {
            readings.compared();
            LOG.atError()
                    .addKeyValue("region", readings.origin())
                    .log("region has no functions, the copy of those it had is kept until it has one");
            awaitFunction(source, watch, topicId);
            topicId = watch.await(goesOn, pauses);
        }
        readings.compared();
        LOG.atInfo()
                .addKeyValue("region", readings.origin())
                .addKeyValue("changed", readings.records() - before)
                .log("copy of the region's functions compared");
        return topicId;
    }

    /** Or another topic. */
    private void awaitFunction(Source source, TopicWatch watch, String topicId) throws InterruptedException {
        var found = false;
        while (!found && goesOn.getAsBoolean() && watch.id().equals(Optional.of(topicId))) {
            for (var read : source.poll()) {
                found |= intake.of(read).filter(taken -> taken.value() != null).isPresent();
            }
            pace.read(source.taken());
        }
    }
}
