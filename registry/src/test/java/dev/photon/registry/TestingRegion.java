package dev.photon.registry;

import dev.photon.protocol.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A region without Kafka: its own log, its copies of the others', and what it makes of them. */
final class TestingRegion {
    final String name;
    private final List<Stamped> log = new ArrayList<>();
    private final Map<String, List<Stamped>> copies = new TreeMap<>();
    private FunctionTable table;
    /** Milliseconds; nobody's clock is right. */
    long clock;

    TestingRegion(String name, long clock) {
        this.name = name;
        this.clock = clock;
        this.table = new FunctionTable(name);
    }

    FunctionTable table() {
        return table;
    }

    /** As a registry does: nothing is deployed that is known to be there. */
    void deploy(String function, String version, Digest content) {
        if (table.version(function, version).isEmpty()) {
            write(new State.Version(Generated.manifest(function, version, content)));
        }
    }

    void delete(String function, String version) {
        if (table.version(function, version).isPresent()) {
            write(new State.NoVersion(function, version));
        }
    }

    void setAlias(String function, String alias, String version) {
        if (table.version(function, version).isPresent()) {
            write(new State.Aliased(new Alias(function, alias, List.of(new Alias.Target(version, 1)))));
        }
    }

    void deleteAlias(String function, String alias) {
        if (table.function(function).alias(alias).isPresent()) {
            write(new State.NoAlias(function, alias));
        }
    }

    void drain(String region, boolean draining) {
        write(new State.Wished(new RegionState(region, draining, name, clock)));
    }

    private void write(State state) {
        var cleared = state instanceof State.Version version
                ? table.function(version.manifest().name())
                        .version(version.manifest().version())
                        .cleared()
                : 0;
        var stamped = new Stamped(state, name, new Stamp(Stamp.next(clock, table.latestStamp()), cleared));
        log.add(stamped);
        table.apply(name, stamped);
    }

    /** Copies the next records of another region, as far as there are so many. */
    void copy(TestingRegion other, int most) {
        var copy = copies.computeIfAbsent(other.name, added -> new ArrayList<>());
        for (int i = 0; i < most && copy.size() < other.log.size(); i++) {
            var next = other.log.get(copy.size());
            copy.add(next);
            table.apply(other.name, next);
        }
    }

    /** Begins anew, and reads its logs as they come, of which compaction left the last record of each key. */
    void restart(Random random) {
        table = new FunctionTable(name);
        var left = new ArrayList<List<Stamped>>();
        var names = new ArrayList<String>();
        left.add(compacted(log));
        names.add(name);
        copies.forEach((origin, copy) -> {
            left.add(compacted(copy));
            names.add(origin);
        });
        while (!left.isEmpty()) {
            var at = random.nextInt(left.size());
            if (left.get(at).isEmpty()) {
                left.remove(at);
                names.remove(at);
            } else {
                table.apply(names.get(at), left.get(at).removeFirst());
            }
        }
    }

    private static List<Stamped> compacted(List<Stamped> log) {
        var last = new TreeMap<String, Integer>();
        for (int i = 0; i < log.size(); i++) {
            last.put(log.get(i).state().key(), i);
        }
        return last.values().stream().sorted().map(log::get).collect(Collectors.toCollection(ArrayList::new));
    }

    /** All that callers could tell regions apart by. */
    Map<String, String> seen() {
        var seen = new TreeMap<String, String>();
        table.names().forEach(function -> {
            seen.put(function, table.latest(function).map(Manifest::version).orElse(""));
            table.versions(function)
                    .forEach(version -> seen.put(
                            function + " " + version.version(),
                            version.digest() + " conflicts "
                                    + table.function(function).conflicting(version.version()).stream()
                                            .map(Register.Said::origin)
                                            .toList()));
        });
        List.of("us", "eu")
                .forEach(region ->
                        table.wished(region).ifPresent(wished -> seen.put("region " + region, wished.toString())));
        for (var function : List.of("f", "g")) {
            table.function(function)
                    .aliases()
                    .forEach(alias -> seen.put(
                            function + " " + alias.name(), alias.targets().toString()));
        }
        return seen;
    }

    Optional<Digest> content(String function, String version) {
        return table.version(function, version).map(Manifest::digest);
    }
}
