package dev.photon.executor.wasm;

import dev.photon.protocol.Invocation;
import java.util.Map;

/**
 * What one run of a function gets to see.
 *
 * @param http the path is percent-encoded, as it came
 * @param body not copied, so not to be changed
 * @param env the function's own variables; where a name is also one of CGI's, CGI's value counts
 * @param function the function's name
 * @param version the version that runs
 * @param reuse whether a handler's instance may serve it that served others, and may serve others after it
 */
public record GuestRequest(
        Invocation.HttpHead http,
        byte[] body,
        Map<String, String> env,
        String function,
        String version,
        String invocationId,
        boolean reuse,
        NextHandler next) {
    public GuestRequest {
        env = Map.copyOf(env);
    }

    /** One behind which there is nothing. */
    public GuestRequest(
            Invocation.HttpHead http,
            byte[] body,
            Map<String, String> env,
            String function,
            String version,
            String invocationId,
            boolean reuse) {
        this(http, body, env, function, version, invocationId, reuse, NextHandler.NONE);
    }
}
