package dev.photon.ingress;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where on {@code photon.results} an asynchronous call was noted. It is in the address that the client asks, so that any
 * ingress finds the answer and none needs to remember it.
 *
 * @param id of the invocation, which nobody can guess: without it the rest says nothing
 * @param open whether everybody may read the answer who knows where it is; the note has the last word on that
 */
record ResultPlace(int partition, long offset, String id, boolean open) {
    private static final String PATH = "/api/faas/v1/results/";
    private static final String OPEN = "-o";
    private static final Pattern TEXT = Pattern.compile("([0-9a-f]{1,4})-([0-9a-f]{1,15})-([0-9a-f]{32})(-o)?");
    private static final int HEXADECIMAL = 16;

    /** Empty for what is none. */
    static Optional<ResultPlace> parse(String text) {
        return Optional.of(TEXT.matcher(text))
                .filter(matcher -> matcher.matches())
                .map(matcher -> new ResultPlace(
                        Integer.parseInt(matcher.group(1), HEXADECIMAL),
                        Long.parseLong(matcher.group(2), HEXADECIMAL),
                        matcher.group(3),
                        matcher.group(4) != null));
    }

    String path() {
        return PATH + Integer.toHexString(partition) + "-" + Long.toHexString(offset) + "-" + id + (open ? OPEN : "");
    }
}
