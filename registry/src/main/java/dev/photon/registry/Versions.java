package dev.photon.registry;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Which versions are taken, and their order: semantic versioning 2.0.0, at most 64 characters. */
final class Versions {
    private static final int MAX_LENGTH = 64;
    private static final String NUMBER = "(?:0|[1-9]\\d*)";
    private static final String IDENTIFIER = "(?:" + NUMBER + "|\\d*[a-zA-Z-][0-9a-zA-Z-]*)";
    private static final Pattern TEXT =
            Pattern.compile("%1$s\\.%1$s\\.%1$s(?:-%2$s(?:\\.%2$s)*)?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?"
                    .formatted(NUMBER, IDENTIFIER));
    private static final Pattern DIGITS = Pattern.compile("\\d+");

    /** Numbers by their value, however long; the others by their text; numbers come first. */
    private static final Comparator<String> IDENTIFIERS = Comparator.<String>comparingInt(
                    identifier -> isNumber(identifier) ? identifier.length() : Integer.MAX_VALUE)
            .thenComparing(Comparator.naturalOrder());

    /** Precedence (section 11); versions that differ in build metadata alone are told apart by their text. */
    static final Comparator<String> PRECEDENCE = Comparator.comparing(Versions::core, Versions::compareLists)
            .thenComparingInt(version -> isPreRelease(version) ? 0 : 1)
            .thenComparing(Versions::preRelease, Versions::compareLists)
            .thenComparing(Comparator.naturalOrder());

    private Versions() {}

    static boolean isValid(String text) {
        return text.length() <= MAX_LENGTH && TEXT.matcher(text).matches();
    }

    static boolean isPreRelease(String version) {
        return withoutBuild(version).indexOf('-') >= 0;
    }

    private static List<String> core(String version) {
        return identifiers(withoutBuild(version).split("-", 2)[0]);
    }

    private static List<String> preRelease(String version) {
        return isPreRelease(version) ? identifiers(withoutBuild(version).split("-", 2)[1]) : List.of();
    }

    private static String withoutBuild(String version) {
        return version.split("\\+", 2)[0];
    }

    private static List<String> identifiers(String dotted) {
        return List.of(dotted.split("\\.", -1));
    }

    private static boolean isNumber(String identifier) {
        return DIGITS.matcher(identifier).matches();
    }

    private static int compareLists(List<String> left, List<String> right) {
        return Arrays.compare(left.toArray(String[]::new), right.toArray(String[]::new), IDENTIFIERS);
    }
}
