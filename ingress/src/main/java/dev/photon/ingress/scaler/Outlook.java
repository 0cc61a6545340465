package dev.photon.ingress.scaler;

import java.time.Duration;
import java.util.Optional;

/** What is known of a region's work at a moment, and what follows from it. Immutable. */
sealed interface Outlook {

    /**
     * That is not the same as nothing to do: replicas are to stay as they are.
     *
     * @param why one sentence
     */
    record Unknown(String why) implements Outlook {}

    /**
     * @param unfinished calls and events, those that run included
     * @param idle how long ago there was something to do; empty when there never was while we looked
     */
    record Known(long unfinished, Optional<Duration> idle) implements Outlook {

        /** Whether there should be an executor at all. */
        boolean isActive(Wish wish) {
            return unfinished > 0
                    || idle.filter(time -> time.compareTo(wish.idle()) < 0).isPresent();
        }

        /**
         * Runs that should go on at once. By Little's law a call that waits as long as it may and then runs is
         * unfinished for {@code queue + run}, and runs for the share {@code run / (queue + run)} of that: so many of
         * the unfinished should be running.
         *
         * @param measured how long a run takes; empty when no reply has told yet
         */
        double wantedRuns(Wish wish, Optional<Duration> measured) {
            var run = (double) measured.orElse(wish.run()).toNanos();
            return unfinished * run / (run + wish.queue().toNanos());
        }
    }
}
