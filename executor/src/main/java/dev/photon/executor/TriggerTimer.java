package dev.photon.executor;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What waits without a thread. Stateless. */
final class TriggerTimer {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerTimer.class);

    private TriggerTimer() {}

    /** Unless the process ends before: whatever waits is left to the next owner of its partition. */
    static void after(ScheduledExecutorService timer, long millis, Runnable task) {
        try {
            timer.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.atDebug().log("stopping: a trigger's record is left to the next owner of its partition");
        }
    }
}
