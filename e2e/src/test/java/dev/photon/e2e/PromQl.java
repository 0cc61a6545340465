package dev.photon.e2e;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an expression of Prometheus' query language mentions.
 *
 * @param metrics names of metrics
 * @param labels names of labels, in selections and in groupings
 */
record PromQl(Set<String> metrics, Set<String> labels) {
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'");
    private static final Pattern SELECTION = Pattern.compile("\\{([^}]*)}");
    private static final Pattern SELECTED = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    /** The dashboard's own function: values of a label that a metric has. */
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((\\w+),\\s*(\\w+)\\)");

    private static final Pattern WORD = Pattern.compile("(?<![\\w.$])[a-zA-Z_:][\\w:]*+(?!\\s*\\()");
    private static final Set<String> KEYWORDS = Set.of("and", "or", "unless", "bool", "offset");

    static PromQl of(String expression) {
        var metrics = new TreeSet<String>();
        var labels = new TreeSet<String>();
        var values = LABEL_VALUES.matcher(expression);
        if (values.matches()) {
            metrics.add(values.group(1));
            labels.add(values.group(2));
            return new PromQl(metrics, labels);
        }
        var rest = STRING.matcher(expression).replaceAll("\"\"");
        rest = take(SELECTION.matcher(rest), selection -> all(SELECTED, selection, 1, labels));
        rest = take(GROUPING.matcher(rest), grouped -> all(Pattern.compile("\\w+"), grouped, 0, labels));
        rest = RANGE.matcher(rest).replaceAll("");
        all(WORD, rest, 0, metrics);
        metrics.removeAll(KEYWORDS);
        return new PromQl(metrics, labels);
    }

    private interface Taker {
        void take(String inside);
    }

    private static String take(Matcher found, Taker taker) {
        return found.replaceAll(match -> {
            taker.take(match.group(1));
            return "";
        });
    }

    private static void all(Pattern pattern, String text, int group, Set<String> into) {
        pattern.matcher(text).results().forEach(match -> into.add(match.group(group)));
    }
}
