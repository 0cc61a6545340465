package dev.photon.protocol;

/**
 * The names of a region's topics.
 *
 * @param prefix starts every name, {@code photon} unless configured
 */
public record Topics(String prefix) {
    public static final String DEFAULT_PREFIX = "photon";

    public String invocations() {
        return prefix + ".invocations";
    }

    /** The topic through which publishers call functions. */
    public String entry(String name) {
        return prefix + ".in." + name;
    }

    /** The consumer group that shares the work of a topic. */
    public static String executors(String topic) {
        return topic + ".executors";
    }

    public String responses() {
        return prefix + ".responses";
    }

    /** Where bodies lie that do not fit one record. */
    public String bodies() {
        return prefix + ".bodies";
    }

    /** The calls that nobody waits for any more. */
    public String cancellations() {
        return prefix + ".cancellations";
    }

    public String uploads() {
        return prefix + ".uploads";
    }

    public String deployments() {
        return prefix + ".deployments";
    }

    public String deploymentResults() {
        return prefix + ".deployment-results";
    }

    public String functions() {
        return prefix + ".functions";
    }

    public String artifacts() {
        return prefix + ".artifacts";
    }

    public String logs() {
        return prefix + ".logs";
    }

    public String usage() {
        return prefix + ".usage";
    }

    /** Whether a publisher's reply must not go there: our own topics, and Kafka's. */
    public boolean isReserved(String topic) {
        return topic.startsWith(prefix + ".") || topic.startsWith("__");
    }
}
