package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Utils;

/**
 * A name for one or several versions of a function, each of which gets its share of the calls. Immutable.
 *
 * @param name is not a semantic version, so that one word can name either
 * @param targets not empty; versions are named once, weights are finite and at least 0, and one is more than 0
 */
public record Alias(String function, String name, List<Target> targets) {

    /**
     * @param weight relative to those of the other targets
     */
    public record Target(String version, double weight) {}

    public Alias {
        targets = List.copyOf(targets);
        if (!targets.stream().allMatch(target -> target.weight() >= 0 && Double.isFinite(target.weight()))
                || targets.stream().noneMatch(target -> target.weight() > 0)) {
            throw new IllegalArgumentException("weights must be at least 0, and one of them more");
        }
    }

    /**
     * The version for one invocation: always the same for the same id, so that a second run is of the same code.
     *
     * @param exists those that do not weigh nothing
     * @return empty when none is left
     */
    public Optional<String> versionFor(String invocationId, Predicate<String> exists) {
        var drawn = share(invocationId)
                * targets.stream()
                        .filter(target -> exists.test(target.version()))
                        .mapToDouble(Target::weight)
                        .sum();
        var last = Optional.<String>empty();
        for (var target : targets) {
            if (target.weight() > 0 && exists.test(target.version())) {
                last = Optional.of(target.version());
                drawn -= target.weight();
                if (drawn < 0) {
                    break;
                }
            }
        }
        return last;
    }

    /** From 0 to less than 1, even over random ids. */
    private static double share(String id) {
        return Utils.toPositive(Utils.murmur2(id.getBytes(UTF_8))) / (double) (1L << 31);
    }

    boolean uses(String version) {
        return targets.stream().anyMatch(target -> target.version().equals(version));
    }
}
