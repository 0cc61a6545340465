package dev.photon.executor;

/** What fits one transaction, which has to be short. Confined to its thread. */
final class TransactionRoom {
    private static final long MOST_BYTES = 8L << 20;

    private final OutputTopics topics;
    private long bytes;

    TransactionRoom(OutputTopics topics) {
        this.topics = topics;
    }

    /** The first one always fits. */
    boolean takes(Held output) {
        if ((bytes > 0 && bytes + output.bytes() > MOST_BYTES)
                || !topics.isThere(output.message().topic())) {
            return false;
        }
        bytes += Math.max(1, output.bytes());
        return true;
    }
}
