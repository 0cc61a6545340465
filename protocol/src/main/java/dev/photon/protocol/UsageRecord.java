package dev.photon.protocol;

/**
 * What one process has counted of one function in one minute so far. Of several with the same instance, minute and
 * function the last counts, so that it may be sent as often as one likes; and a process sends nothing of a minute
 * anymore once it has sent something of a later one.
 *
 * @param instance that counted, new at each start of a process
 * @param minute minutes since 1970-01-01T00:00Z
 */
public record UsageRecord(String instance, long minute, String function, UsageTotals totals) {

    /** The key on Kafka, by which all but the last are compacted away. */
    String key() {
        return instance + "/" + minute + "/" + function;
    }
}
