package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Topics;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TriggerGroupsTest {
    private static final String ORDERS = "photon.trigger.f/orders";
    private static final String BILLS = "photon.trigger.f/bills";

    private long nanos;
    private final TestingGroups brokers = new TestingGroups(() -> nanos);
    private final TriggerGroups groups = new TriggerGroups(brokers, new Topics("photon"), () -> nanos);

    @Test
    void deletesTheGroupsOfTriggersThatAreGoneAndNoOthers() throws Exception {
        brokers.there.addAll(Set.of(ORDERS, BILLS, "photon.trigger.x", "photon-registry", "my.photon.trigger.f/a"));

        groups.look(Set.of(ORDERS), 0);

        assertThat(brokers.there)
                .containsExactlyInAnyOrder(ORDERS, "photon.trigger.x", "photon-registry", "my.photon.trigger.f/a");
    }

    @Test
    void deletesTheGroupsOfEntryTopicsThatAreGoneAndNotThoseOfWhatASettingOpens() throws Exception {
        var topics = new Topics("photon");
        var before = topics.entryGroup("shop", 1_700);
        var now = topics.entryGroup("shop", 1_800);
        var open = Topics.executors(topics.entry("local"));
        brokers.there.addAll(Set.of(before, now, open));

        groups.look(Set.of(now), 0);

        assertThat(brokers.there).containsExactlyInAnyOrder(now, open);
    }

    @Test
    void looksMoreAndMoreSeldomWhileSomebodyIsInAGroup() throws Exception {
        brokers.there.add(ORDERS);
        brokers.busy.add(ORDERS);

        look(300, 1);

        assertThat(brokers.tried).containsExactly(0L, 2L, 6L, 14L, 30L, 62L, 122L, 182L, 242L);
        brokers.busy.clear();
        look(60, 1);
        assertThat(brokers.there).isEmpty();
    }

    @Test
    void aTriggerThatEndsIsLookedAfterAtOnce() throws Exception {
        brokers.there.add(ORDERS);
        brokers.busy.add(ORDERS);
        look(100, 1);
        brokers.there.add(BILLS);

        groups.look(Set.of(), 2);

        assertThat(brokers.there).containsExactly(ORDERS);
        assertThat(brokers.tried.getLast()).isEqualTo(100);
    }

    @Test
    void aGroupThatALateExecutorMadeAnewGoesToo() throws Exception {
        brokers.there.add(ORDERS);
        look(1, 1);
        brokers.there.add(ORDERS);

        look(2, 1);

        assertThat(brokers.there).isEmpty();
    }

    @Test
    void looksEveryTenMinutesAfterItFoundNothing() throws Exception {
        look(7_200, 1);

        assertThat(brokers.listings).isBetween(12, 24);
    }

    @Test
    void restsAMinuteWhenBrokersDoNotAnswer() throws Exception {
        brokers.there.add(ORDERS);
        brokers.answers = false;
        look(60, 1);
        assertThat(brokers.listings).isEqualTo(1);

        brokers.answers = true;
        look(1, 1);

        assertThat(brokers.there).isEmpty();
    }

    /** Once a second. */
    private void look(int seconds, long ended) throws InterruptedException {
        for (int i = 0; i < seconds; i++) {
            groups.look(Set.of(), ended);
            nanos += Duration.ofSeconds(1).toNanos();
        }
    }
}
