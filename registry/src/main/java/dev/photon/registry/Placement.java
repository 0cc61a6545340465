package dev.photon.registry;

import java.util.List;

/**
 * In which regions a version runs. Its artifacts, its environment and what it may call out to are nowhere else.
 * Immutable.
 *
 * @param regions names, with {@code *} for any characters; at least one
 * @param exclude names that are not meant, though {@code regions} says so
 */
public record Placement(List<String> regions, List<String> exclude) {
    /** What holds where {@code photoniq.toml} says nothing. */
    public static final Placement EVERYWHERE = new Placement(List.of("*"), List.of());

    public Placement {
        regions = List.copyOf(regions);
        exclude = List.copyOf(exclude);
        if (regions.isEmpty()) {
            throw new IllegalArgumentException("a function is placed in a region at least");
        }
    }

    /** Whether a {@code photoniq.toml} may come to a region; what does not parse may, and is refused there. */
    static boolean allows(String toml, String region) {
        try {
            return FunctionConfig.parse(toml).placement().includes(region);
        } catch (Refused e) {
            return true;
        }
    }

    /** A sentence for whoever deploys in the wrong region. */
    static String leavesOut(String region) {
        return "placement leaves out region '%s': deploy it in one where it runs".formatted(region);
    }

    public boolean includes(String region) {
        return named(regions, region) && !named(exclude, region);
    }

    private static boolean named(List<String> patterns, String region) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, region));
    }

    /** Without a regular expression, since some patterns would take those for ever. */
    private static boolean matches(String pattern, String region) {
        var at = 0;
        var star = -1;
        var taken = 0;
        for (int i = 0; i < region.length(); ) {
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                star = at++;
                taken = i;
            } else if (at < pattern.length() && pattern.charAt(at) == region.charAt(i)) {
                at++;
                i++;
            } else if (star >= 0) {
                // The star stands for one more.
                at = star + 1;
                i = ++taken;
            } else {
                return false;
            }
        }
        return pattern.substring(at).chars().allMatch(left -> left == '*');
    }
}
