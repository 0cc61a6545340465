package dev.photon.cli.autoscale;

import java.time.Duration;

/**
 * Between what, and how quickly, executors come and go.
 *
 * @param least how many there are when there is nothing to do, from 0
 * @param most how many there are at all, from 1
 * @param concurrency runs at once that are right for one, from 1
 * @param settle how long fewer must have been enough before one goes
 */
public record Bounds(int least, int most, int concurrency, Duration settle) {
    /**
     * @throws IllegalArgumentException that says what is wrong
     */
    public Bounds {
        if (least < 0 || most < Math.max(1, least) || concurrency < 1 || settle.isNegative()) {
            throw new IllegalArgumentException(
                    "--min and --settle-seconds must be 0 or more, --max at least 1 and --min, and --concurrency 1 or more");
        }
    }

    /** Executors for so many runs at once, while there is work. */
    int executors(double runs) {
        return Math.clamp((long) Math.ceil(runs / concurrency), Math.max(1, least), most);
    }
}
