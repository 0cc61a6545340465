package dev.photon.e2e;

import static dev.photon.e2e.MirrorRegion.last;
import static dev.photon.e2e.MirrorRegion.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.registry.Mirrored;
import dev.photon.replicator.Readings;
import dev.photon.replicator.Replicator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two regions, and what comes from the one to the other. */
class ReplicatorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final String EU = "eu";
    private static final String US = "us";

    private static TestingKafka euKafka;
    private static TestingKafka usKafka;

    @TempDir
    Path cache;

    private final List<Replicator> opened = new ArrayList<>();
    private MirrorRegion eu;
    private MirrorRegion us;

    @BeforeAll
    static void startKafka() throws Exception {
        euKafka = TestingKafka.embedded();
        usKafka = TestingKafka.embedded();
    }

    @AfterAll
    static void stopKafka() {
        euKafka.close();
        usKafka.close();
    }

    @BeforeEach
    void createRegions() throws Exception {
        var prefix = "test" + TESTS.incrementAndGet();
        var regions = "eu %s http://eu; us %s http://us; away 127.0.0.1:1 http://away"
                .formatted(euKafka.bootstrap(), usKafka.bootstrap());
        eu = MirrorRegion.create(EU, regions, prefix);
        us = MirrorRegion.create(US, regions, prefix);
    }

    @AfterEach
    void closeReplicators() {
        opened.forEach(Replicator::close);
    }

    private Replicator start(MirrorRegion region) throws Exception {
        var replicator = region.replicator(cache);
        opened.add(replicator);
        awaitThat(replicator::ready);
        return replicator;
    }

    private void stop(Replicator replicator) {
        replicator.close();
        opened.remove(replicator);
    }

    private static Readings of(Replicator replicator, String origin) {
        return replicator.readings().stream()
                .filter(readings -> readings.origin().equals(origin))
                .findFirst()
                .orElseThrow();
    }

    private List<ProducerRecord<byte[], byte[]>> aliases(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> eu.alias("a" + number, number))
                .toList();
    }

    private void writeByTwos(int count) {
        try (var registry = eu.registry()) {
            for (int i = 0; i < count; i += 2) {
                MirrorRegion.decide(registry, aliases(i, i + 2));
            }
        }
    }

    /** A replicator copies what is written, and goes. */
    private void copyWhileItRuns(int count) throws Exception {
        var before = start(us);
        eu.write(aliases(0, count));
        awaitCopied(count);
        stop(before);
    }

    private static void awaitThat(Callable<Boolean> holds) {
        await().atMost(PATIENCE).until(holds);
    }

    private static void awaitAlarm(Replicator replicator) {
        awaitThat(() -> of(replicator, EU).alarms() == 1);
    }

    private void awaitCopied(int count) {
        awaitThat(() -> us.copied(EU).size() >= count);
    }

    private void awaitStanding(int count) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(last(us.copied(EU))).hasSize(count));
    }

    private void awaitConverged() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(last(us.copied(EU))).isEqualTo(last(eu.written())));
    }

    @Test
    void copiesInOrderWhatWasCommittedThere() throws Exception {
        try (var registry = eu.registry()) {
            registry.beginTransaction();
            registry.send(eu.alias("never", 1));
            registry.abortTransaction();
        }
        eu.write(aliases(0, 20));
        var replicator = start(us);
        awaitCopied(20);
        eu.write(aliases(5, 30));

        awaitCopied(45);

        assertThat(texts(us.copied(EU))).isEqualTo(texts(eu.written()));
        assertThat(of(replicator, EU).compares()).isEqualTo(1);
        assertThat(of(replicator, EU).alarms()).isZero();
        awaitThat(() -> of(replicator, EU).records() == 45);
        awaitThat(() -> of(replicator, EU).lag().orElse(-1) == 0);
    }

    @Test
    void noRecordIsEverThereWithoutWhatSaysThatItWasCopied() throws Exception {
        start(us);
        var writing = CompletableFuture.runAsync(() -> writeByTwos(200));
        while (!writing.isDone()) {
            assertSaysHowFarItGoes(us.raw(EU));
        }
        writing.join();
        awaitCopied(200);

        assertSaysHowFarItGoes(us.raw(EU));
    }

    private void assertSaysHowFarItGoes(List<ConsumerRecord<byte[], byte[]>> copy) {
        var copied =
                copy.stream().filter(record -> !Mirrored.isCheckpoint(record)).count();
        if (copied > 0) {
            var checkpoint = Mirrored.checkpoint(copy.getLast()).orElseThrow();
            var within = eu.written().stream()
                    .filter(record -> record.offset() < checkpoint.offset())
                    .count();
            assertThat(copied).isEqualTo(within);
        }
    }

    @Test
    void copiesEachRecordOnceThoughReplicatorsComeAndGo() throws Exception {
        var random = new Random(7);
        var writing = CompletableFuture.runAsync(() -> writeByTwos(1_000));
        var before = start(us);
        for (int i = 0; i < 8; i++) {
            var wanted = us.copied(EU).size() + random.nextInt(50);
            awaitThat(() -> writing.isDone() || us.copied(EU).size() >= wanted);
            // The next one opens while this one copies, or when it has gone.
            var overlaps = random.nextBoolean();
            var next = overlaps ? start(us) : before;
            stop(before);
            before = overlaps ? next : start(us);
        }
        writing.join();

        awaitCopied(1_000);

        assertThat(texts(us.copied(EU))).isEqualTo(texts(eu.written()));
    }

    @Test
    void aSecondReplicatorFencesTheFirst() throws Exception {
        var first = start(us);
        eu.write(aliases(0, 1));
        awaitThat(() -> of(first, EU).records() == 1);
        var second = start(us);

        eu.write(aliases(1, 2));
        awaitThat(() -> of(second, EU).records() == 1);

        assertThat(of(first, EU).records()).isEqualTo(1);
        assertThat(texts(us.copied(EU))).isEqualTo(texts(eu.written()));
    }

    @Test
    void recordsThatAreGoneBeforeTheyWereCopiedRaiseAnAlarmAndACompare() throws Exception {
        copyWhileItRuns(50);
        eu.write(aliases(50, 100));
        eu.forgetBefore(80);

        var after = start(us);
        awaitAlarm(after);

        awaitConverged();
        assertThat(last(us.copied(EU))).isNotEmpty();
        eu.write(aliases(0, 10));
        awaitConverged();
        assertThat(of(after, EU).alarms()).isEqualTo(1);
        assertThat(of(after, EU).compares()).isEqualTo(1);
    }

    @Test
    void aTopicThatIsCreatedAnewRaisesAnAlarmAndACompare() throws Exception {
        var replicator = start(us);
        eu.write(aliases(0, 50));
        awaitCopied(50);
        eu.createAnew();
        eu.write(aliases(40, 80));

        awaitAlarm(replicator);
        awaitConverged();

        eu.write(aliases(0, 10));
        awaitConverged();
        assertThat(last(us.copied(EU))).hasSize(50);
        assertThat(of(replicator, EU).alarms()).isEqualTo(1);
    }

    @Test
    void aTopicThatWasCreatedAnewWhileNobodyLookedIsNoticed() throws Exception {
        copyWhileItRuns(50);
        eu.createAnew();
        // As many records as before: by offsets alone it could not be told.
        eu.write(aliases(100, 150));
        eu.write(aliases(150, 160));

        var after = start(us);
        awaitAlarm(after);

        awaitConverged();
        assertThat(last(us.copied(EU))).hasSize(60);
    }

    @Test
    void theCopyOfARegionThatLostAllItsFunctionsIsKeptUntilItHasSome() throws Exception {
        copyWhileItRuns(50);
        eu.createAnew();

        var after = start(us);
        awaitThat(() -> of(after, EU).compares() == 1);
        // Which is no function of its own.
        eu.write(List.of(eu.alias("foreign", 1, "ap")));
        awaitThat(() -> of(after, EU).drops() == 1);

        assertThat(last(us.copied(EU))).hasSize(50);
        assertThat(of(after, EU).alarms()).isEqualTo(1);
        eu.write(aliases(0, 10));
        awaitStanding(10);
    }

    @Test
    void aRecordThatOurBrokersRefuseRaisesOneAlarm() throws Exception {
        var replicator = start(us);
        eu.write(aliases(0, 1));
        awaitCopied(1);
        us.refuseRecordsBeyond(EU, 500);

        var large = eu.alias("large", 1);
        eu.write(List.of(
                new ProducerRecord<>(large.topic(), null, large.key(), padded(large.value(), 5_000), large.headers())));
        awaitAlarm(replicator);
        awaitThat(() -> of(replicator, EU).failures() > 3);

        assertThat(of(replicator, EU).alarms()).isEqualTo(1);
        us.refuseRecordsBeyond(EU, 1_000_000);
        awaitCopied(2);
        assertThat(texts(us.copied(EU))).isEqualTo(texts(eu.written()));
    }

    private static byte[] padded(byte[] json, int length) {
        var padded = Arrays.copyOf(json, length);
        Arrays.fill(padded, json.length, length, (byte) ' ');
        return padded;
    }

    @Test
    void aCompareWritesOnlyWhatIsDifferent() throws Exception {
        copyWhileItRuns(50);
        var same = eu.written();
        eu.createAnew();
        eu.write(same.stream()
                .map(record -> new ProducerRecord<>(
                        record.topic(), 0, record.timestamp(), record.key(), record.value(), record.headers()))
                .toList());
        eu.write(aliases(50, 51));

        var after = start(us);
        awaitCopied(51);
        awaitThat(() -> of(after, EU).records() == 1);

        awaitConverged();
    }

    @Test
    void nothingIsPassedOnThatDidNotOriginateThere() throws Exception {
        var toUs = start(us);
        var toEu = start(eu);
        eu.write(List.of(eu.alias("own", 1), eu.alias("foreign", 1, US), eu.alias("foreign", 2, "ap")));
        us.write(List.of(us.alias("own", 2)));
        awaitCopied(1);
        awaitThat(() -> eu.copied(US).size() == 1);

        eu.write(List.of(eu.alias("own", 3)));
        us.write(List.of(us.alias("own", 4)));
        awaitCopied(2);
        awaitThat(() -> eu.copied(US).size() == 2);
        // Once more, so that whatever the last two had set in motion would be there.
        eu.write(List.of(eu.alias("own", 5)));
        us.write(List.of(us.alias("own", 6)));
        awaitCopied(3);
        awaitThat(() -> eu.copied(US).size() == 3);

        assertThat(eu.written()).hasSize(5);
        assertThat(us.written()).hasSize(3);
        assertThat(us.copied(EU)).hasSize(3);
        assertThat(eu.copied(US)).hasSize(3);
        assertThat(of(toUs, EU).drops()).isEqualTo(2);
        assertThat(of(toUs, EU).records()).isEqualTo(3);
        assertThat(of(toEu, US).records()).isEqualTo(3);
    }

    @Test
    void aRegionThatIsAwayHoldsUpNoOther() throws Exception {
        var replicator = start(us);
        eu.write(aliases(0, 1));

        awaitCopied(1);

        assertThat(of(replicator, "away").lag()).isEmpty();
        assertThat(of(replicator, EU).alarms()).isZero();
    }
}
