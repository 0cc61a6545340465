package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** With brokers that do not answer. What they do answer, the end-to-end tests see. */
class BrokerOffsetsTest {
    private static final TriggerPosition POSITION = new TriggerPosition("f", "orders", 7, List.of(1L, 2L), true);

    private final Admin admin = new KafkaConnection("127.0.0.1:1").admin();
    private final BrokerOffsets offsets = new BrokerOffsets(admin, new Topics("photon"), Duration.ofMillis(50));

    @AfterEach
    void close() {
        admin.close(Duration.ZERO);
    }

    @Test
    void whatIsNotAnsweredIsNotKnownForEachThatWasAskedFor() throws Exception {
        var orders = new TopicOffsets.Wanted("orders", new TriggerRule.Start.Latest());
        var bills = new TopicOffsets.Wanted("bills", new TriggerRule.Start.Earliest());

        var starts = offsets.starts(Set.of(orders, bills));

        assertThat(starts).containsOnlyKeys(orders, bills);
        assertThat(starts.values()).allSatisfy(learnt -> assertUnavailable(learnt::orRefuse));
    }

    /** A failure of another kind would end the registry's term, and the command come again for ever. */
    @Test
    void whoAsksOnBehalfOfACommandIsRefused() throws Exception {
        assertUnavailable(() -> offsets.bounds("orders"));
        assertUnavailable(() -> offsets.idle(List.of(POSITION)));
        assertUnavailable(offsets.commits(List.of(POSITION)).get(POSITION)::orRefuse);
    }

    private static void assertUnavailable(Executable asking) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(asking::execute)
                .satisfies(refused -> assertThat(refused.verdict().kind()).isEqualTo(ErrorKind.UNAVAILABLE));
    }
}
