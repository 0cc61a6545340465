package dev.photon.ingress.scaler;

import dev.photon.protocol.TopicPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** All that the executors of a region work off, as it is at any moment. Thread-safe. */
final class Sources implements Supplier<List<Consumed>> {
    private final TopicPlan plan;
    private final Declared declared;

    Sources(TopicPlan plan, Declared declared) {
        this.plan = plan;
        this.declared = declared;
    }

    /** The topics of the region itself, which are the same all the time. */
    static List<Consumed> ofRegion(TopicPlan plan) {
        return plan.pools().stream()
                .flatMap(pool -> plan.consumed(pool).stream().map(topic -> Consumed.ours(topic, pool)))
                .toList();
    }

    /** Those of entry topics and triggers beside them, as far as an executor would run them. */
    @Override
    public List<Consumed> get() {
        var all = new ArrayList<>(ofRegion(plan));
        declared.entries().stream()
                .filter(entry -> !plan.entries().contains(entry.name()))
                .map(entry -> Consumed.by(entry, plan.topics()))
                .forEach(all::add);
        declared.triggers().stream()
                .filter(trigger -> !trigger.position().paused() && trigger.isAllowed(plan))
                .filter(trigger ->
                        plan.pools().contains(trigger.manifest().scaling().pool()))
                .map(trigger -> Consumed.by(trigger, plan.topics()))
                .forEach(all::add);
        return all;
    }
}
