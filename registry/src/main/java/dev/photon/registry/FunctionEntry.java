package dev.photon.registry;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * All that is known of one function: what each region said, and what holds because of it. Immutable.
 *
 * @param said of versions, by version
 * @param aliasesSaid by alias
 * @param histories by region
 * @param versions that hold, by version
 * @param latest of them
 */
record FunctionEntry(
        String name,
        Map<String, Register<Manifest>> said,
        Map<String, Register<Alias>> aliasesSaid,
        Map<String, History> histories,
        Map<String, Deployed> versions,
        Optional<Deployed> latest) {

    /** The highest version that is not a pre-release, or the highest when there are only pre-releases. */
    private static final Comparator<String> STABLE_FIRST = Comparator.<String>comparingInt(
                    version -> Versions.isPreRelease(version) ? 0 : 1)
            .thenComparing(Versions.PRECEDENCE);

    private static final Comparator<Deployed> LATEST_LAST =
            Comparator.comparing(deployed -> deployed.manifest().version(), STABLE_FIRST);

    static FunctionEntry named(String name) {
        return new FunctionEntry(name, Map.of(), Map.of(), Map.of(), Map.of(), Optional.empty());
    }

    /** A function is there while it has a version; its history remains. */
    boolean isThere() {
        return !versions.isEmpty();
    }

    /**
     * The same with what is said of a version.
     *
     * @param present whether and how it is here, of what was deployed and not deleted
     */
    FunctionEntry withVersion(
            String version, Register<Manifest> register, Function<Register<Manifest>, Deployed> present) {
        var holding = register.standing().isEmpty()
                ? without(versions, version)
                : with(versions, version, present.apply(register));
        return new FunctionEntry(
                name, with(said, version, register), aliasesSaid, histories, holding, latest(version, holding));
    }

    /** Of the versions, of which one is another than before. */
    private Optional<Deployed> latest(String changed, Map<String, Deployed> holding) {
        var deployed = Optional.ofNullable(holding.get(changed));
        if (deployed.isPresent() && wouldBeLatest(changed)) {
            return deployed;
        }
        return latest.filter(before -> !before.manifest().version().equals(changed))
                .or(() -> holding.values().stream().max(LATEST_LAST));
    }

    Register<Manifest> version(String version) {
        return Optional.ofNullable(said.get(version)).orElseGet(Register::none);
    }

    FunctionEntry withAlias(String alias, Register<Alias> register) {
        return new FunctionEntry(name, said, with(aliasesSaid, alias, register), histories, versions, latest);
    }

    Register<Alias> aliasSaid(String alias) {
        return Optional.ofNullable(aliasesSaid.get(alias)).orElseGet(Register::none);
    }

    FunctionEntry withHistory(String origin, Optional<History> history) {
        var changed = history.isPresent() ? with(histories, origin, history.get()) : without(histories, origin);
        return new FunctionEntry(name, said, aliasesSaid, changed, versions, latest);
    }

    Optional<Alias> alias(String alias) {
        return aliasSaid(alias).last().map(Register.Said::value);
    }

    /** All that hold, by name. */
    List<Alias> aliases() {
        return aliasesSaid.values().stream()
                .flatMap(register -> register.last().stream())
                .map(Register.Said::value)
                .sorted(Comparator.comparing(Alias::name))
                .toList();
    }

    /** Of all regions together. */
    History history() {
        var entries = histories.values().stream()
                .flatMap(history -> history.entries().stream())
                .sorted(Comparator.comparingLong(History.Entry::at))
                .toList();
        return History.none(name).with(entries);
    }

    History history(String origin) {
        return Optional.ofNullable(histories.get(origin)).orElseGet(() -> History.none(name));
    }

    boolean wouldBeLatest(String version) {
        return latest.filter(before -> STABLE_FIRST.compare(before.manifest().version(), version) > 0)
                .isEmpty();
    }

    Optional<Deployed> latestWithout(String version) {
        return without(versions, version).values().stream().max(LATEST_LAST);
    }

    /** Of other content than the version that holds, though it was deployed under the same name. */
    List<Register.Said<Manifest>> conflicting(String version) {
        var standing = version(version).standing();
        return standing.stream()
                .skip(1)
                .filter(other -> !other.value().isSameAs(standing.getFirst().value()))
                .toList();
    }

    /** All that was deployed and not deleted, also what does not hold. */
    Stream<Manifest> standing() {
        return said.values().stream()
                .flatMap(register -> register.standing().stream())
                .map(Register.Said::value);
    }

    private static <T> Map<String, T> with(Map<String, T> before, String key, T value) {
        var after = new HashMap<>(before);
        after.put(key, value);
        return after;
    }

    private static <T> Map<String, T> without(Map<String, T> before, String key) {
        var after = new HashMap<>(before);
        after.remove(key);
        return after;
    }

    /** What can be run of it here. */
    Optional<Manifest> here(String version) {
        return Optional.ofNullable(versions.get(version))
                .filter(Deployed::isHere)
                .map(Deployed::manifest);
    }
}
