package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BrokerTopicsTest {
    @Test
    void publishersCannotMoveTheirDeadlinesByTimesInTheFuture() {
        assertThat(BrokerTopics.settings(24, 3)).containsEntry("message.timestamp.after.max.ms", "300000");
    }
}
