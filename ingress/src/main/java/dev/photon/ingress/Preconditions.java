package dev.photon.ingress;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Whether a GET or HEAD request of a representation with a strong entity tag is to be performed (RFC 9110, section
 * 13.2.2). There are no modification dates, so what asks for them is ignored, as sections 13.1.3 and 13.1.4 have it.
 */
enum Preconditions {
    PROCEED,
    /** 304. */
    NOT_MODIFIED,
    /** 412. */
    FAILED;

    private static final CharSequence IF_RANGE = HttpHeaders.createOptimized("if-range");
    private static final Pattern ENTITY_TAG = Pattern.compile("(W/)?(\"[^\"]*\")");

    /**
     * @param tag with its quotes
     */
    static Preconditions of(MultiMap fields, String tag) {
        var match = fields.getAll(HttpHeaders.IF_MATCH);
        if (!match.isEmpty() && !names(match, tag, true)) {
            return FAILED;
        }
        var noneMatch = fields.getAll(HttpHeaders.IF_NONE_MATCH);
        return !noneMatch.isEmpty() && names(noneMatch, tag, false) ? NOT_MODIFIED : PROCEED;
    }

    /** Whether a Range field counts: there is no If-Range, or it has this tag (section 13.1.5). */
    static boolean rangeCounts(MultiMap fields, String tag) {
        var ifRange = fields.get(IF_RANGE);
        return ifRange == null || ifRange.equals(tag);
    }

    /**
     * @param strong whether weak tags never match (section 8.8.3.2)
     */
    private static boolean names(List<String> lists, String tag, boolean strong) {
        for (var list : lists) {
            if (list.strip().equals("*")) {
                return true;
            }
            var tags = ENTITY_TAG.matcher(list);
            while (tags.find()) {
                if (tags.group(2).equals(tag) && !(strong && tags.group(1) != null)) {
                    return true;
                }
            }
        }
        return false;
    }
}
