package dev.photon.protocol;

/**
 * The names of a region's topics.
 *
 * @param prefix starts every name, {@code photon} unless configured
 */
public record Topics(String prefix) {
    public static final String DEFAULT_PREFIX = "photon";

    /** The pool of functions that name none. */
    public static final String DEFAULT_POOL = "default";

    /** Where calls go for the executors of the default pool. */
    public String invocations() {
        return prefix + ".invocations";
    }

    /**
     * Where calls go for the executors of a pool.
     *
     * @param pool {@link #DEFAULT_POOL}, or one that the region has beside it
     */
    public String invocations(String pool) {
        return pool.equals(DEFAULT_POOL) ? invocations() : invocations() + "." + pool;
    }

    /** The topic through which publishers call functions. */
    public String entry(String name) {
        return prefix + ".in." + name;
    }

    /**
     * The consumer group that reads a declared entry topic.
     *
     * @param generation which declaration of the name it is: another one begins anew
     */
    public String entryGroup(String name, long generation) {
        return executors(entry(name) + "." + Long.toString(generation, Character.MAX_RADIX));
    }

    /** The consumer group that shares the work of a topic. */
    public static String executors(String topic) {
        return topic + ".executors";
    }

    /**
     * The consumer group that reads a user's topic for a function.
     *
     * @param function without a slash, like every function's name
     */
    public String triggerGroup(String function, String topic) {
        return triggerGroups() + function + "/" + topic;
    }

    /** What the names of all these groups begin with. */
    public String triggerGroups() {
        return prefix + ".trigger.";
    }

    public String responses() {
        return prefix + ".responses";
    }

    /** Where bodies lie that do not fit one record. */
    public String bodies() {
        return prefix + ".bodies";
    }

    /** Where answers are kept that are asked for later: of asynchronous calls, and of those with a key. */
    public String results() {
        return prefix + ".results";
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

    /** The records of which a trigger's function made nothing. */
    public String deadLetters() {
        return prefix + ".dead-letters";
    }

    /** The dead letters that their function is to try again. */
    public String redrives() {
        return prefix + ".redrives";
    }

    /** What is to be run again and compared, without any effect. */
    public String replays() {
        return prefix + ".replays";
    }

    /** The copies that a region has of another's topics, by the names that MirrorMaker 2 gives them (KIP-382). */
    public Topics mirrored(String origin) {
        return new Topics(origin + "." + prefix);
    }

    /** Whether it is one of ours, or Kafka's. */
    boolean isReserved(String topic) {
        return topic.startsWith(prefix + ".") || topic.startsWith("__");
    }
}
