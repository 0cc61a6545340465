package dev.photon.executor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Digest;
import dev.photon.protocol.EventCodec;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Target;
import java.util.Optional;

/**
 * What names an invocation to others, the same for each of its runs. Immutable.
 *
 * @param text among all invocations of one function in one region
 * @param traceparent what they are a part of
 */
public record RunName(String region, String function, String text, Optional<String> traceparent) {
    private static final int ENOUGH_DIGITS = 32;

    /**
     * The ids of calls are the ingresses', and those of triggers' records are their places. A publisher to an entry
     * topic chooses its own, which must not pass for one of these: a slash is in neither.
     */
    static RunName of(String region, String function, Invocation invocation) {
        return new RunName(
                region,
                function,
                isOurs(invocation) ? invocation.id() : "entry/" + shortened(invocation),
                invocation.traceparent().filter(EventCodec::isTrace));
    }

    private static boolean isOurs(Invocation invocation) {
        return invocation.target() instanceof Target.Resolved
                || invocation.http().headers().stream().anyMatch(field -> EventCodec.isOwn(field.name()));
    }

    private static String shortened(Invocation invocation) {
        var whole = invocation.source() + "\n" + invocation.id();
        return Digest.of(whole.getBytes(UTF_8)).hex().substring(0, ENOUGH_DIGITS);
    }
}
