package dev.photon.replicator;

import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/** What was done with one other region since the start. Thread-safe. */
public final class Readings {
    private static final long UNKNOWN = -1;

    private final String origin;
    private final LongAdder records = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder alarms = new LongAdder();
    private final LongAdder compares = new LongAdder();
    private final LongAdder artifacts = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile long lag = UNKNOWN;

    Readings(String origin) {
        this.origin = origin;
    }

    /** The other region. */
    public String origin() {
        return origin;
    }

    /** How many records were written to the copy of its functions; those that say how far it goes are not counted. */
    public long records() {
        return records.sum();
    }

    /** How many bytes the keys and values of these records had. */
    public long bytes() {
        return bytes.sum();
    }

    /** How many records there are to be read; empty while that is not known, because the region does not answer. */
    public OptionalLong lag() {
        var last = lag;
        return last == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(last);
    }

    /**
     * How many records were read that are not copied since they originated in a third region. More than none means that
     * regions are wired wrongly.
     */
    public long drops() {
        return dropped.sum();
    }

    /**
     * How often the copy could not simply go on: because records of the region were gone, or its topic another, or since
     * the same failure came again and again.
     */
    public long alarms() {
        return alarms.sum();
    }

    /** How often the whole copy was compared with the region: at the first start, and after alarms. */
    public long compares() {
        return compares.sum();
    }

    /** How many modules and bundles of files were brought here. */
    public long artifacts() {
        return artifacts.sum();
    }

    /** How often something had to be tried again. */
    public long failures() {
        return failures.sum();
    }

    void copied(int count, long size) {
        records.add(count);
        bytes.add(size);
    }

    void dropped() {
        dropped.increment();
    }

    void lags(OptionalLong now) {
        lag = now.orElse(UNKNOWN);
    }

    void alarmed() {
        alarms.increment();
    }

    void compared() {
        compares.increment();
    }

    void brought() {
        artifacts.increment();
    }

    void failed() {
        failures.increment();
    }
}
