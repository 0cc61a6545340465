package dev.photon.protocol;

import java.util.List;

/**
 * Topics exist whose policies would lose data or break the protocol, or do not exist and may not be created; the message
 * names each with its problem.
 */
public final class UnsafeTopics extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnsafeTopics(List<String> problems) {
        super(String.join("; ", problems));
    }
}
