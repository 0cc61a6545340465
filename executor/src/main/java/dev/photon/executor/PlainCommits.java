package dev.photon.executor;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** By the consumer itself: what records led to is safe before they count as finished. */
final class PlainCommits implements Commits {
    private static final Logger LOG = LoggerFactory.getLogger(PlainCommits.class);
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Lane> lanes;
    private long failedClaims;

    /** @param lanes those that are ours, as they are at any moment */
    PlainCommits(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Lane> lanes) {
        this.consumer = consumer;
        this.lanes = lanes;
    }

    @Override
    public boolean now(Map<TopicPartition, OffsetAndMetadata> claims) {
        if (claims.isEmpty()) {
            return true;
        }
        try {
            consumer.commitSync(claims, TIMEOUT);
            note(claims);
            return true;
        } catch (InterruptException | AuthenticationException | AuthorizationException e) {
            throw e;
        } catch (KafkaException e) {
            failedClaims++;
            if (Long.bitCount(failedClaims) == 1) {
                LOG.atWarn()
                        .addKeyValue("partitions", claims.keySet())
                        .addKeyValue("error", e.toString())
                        .addKeyValue("count", failedClaims)
                        .log("commit failed, so records wait");
            }
            return false;
        }
    }

    @Override
    public void finished(boolean due) {
        var progress = due ? progress(lanes.keySet()) : Map.<TopicPartition, OffsetAndMetadata>of();
        if (!progress.isEmpty()) {
            consumer.commitAsync(progress, (offsets, failure) -> {
                if (failure == null) {
                    note(offsets);
                } else {
                    LOG.atDebug().addKeyValue("error", failure.toString()).log("commit failed, the next includes it");
                }
            });
        }
    }

    @Override
    public void last(Collection<TopicPartition> leaving) {
        var progress = progress(leaving);
        if (!progress.isEmpty()) {
            consumer.commitSync(progress, TIMEOUT);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> progress(Collection<TopicPartition> partitions) {
        var progress = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var partition : partitions) {
            var lane = lanes.get(partition);
            if (lane != null) {
                var done = lane.progress();
                if (!lane.isCommitted(done)) {
                    progress.put(partition, done);
                }
            }
        }
        return progress;
    }

    private void note(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, done) -> {
            var lane = lanes.get(partition);
            if (lane != null) {
                lane.committed(done);
            }
        });
    }

    @Override
    public void close() {}
}
