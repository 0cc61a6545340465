package dev.photon.executor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Keeps what lanes hand over. Confined to its thread. */
final class TestingIntake implements TriggerIntake {
    record Accepted(long offset, Taken taken) {}

    final List<Accepted> accepted = new ArrayList<>();
    Predicate<ConsumerRecord<byte[], byte[]>> free = source -> true;

    static ConsumerRecord<byte[], byte[]> record(int partition, long offset, byte[] key) {
        return record(partition, offset, key, new byte[0]);
    }

    static ConsumerRecord<byte[], byte[]> record(int partition, long offset, byte[] key, byte[] value) {
        return new ConsumerRecord<>(
                "orders",
                partition,
                offset,
                0,
                TimestampType.CREATE_TIME,
                -1,
                -1,
                key,
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    static ConsumerRecord<byte[], byte[]> record(long offset) {
        return record(0, offset, null);
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> source, Taken taken) {
        accepted.add(new Accepted(source.offset(), taken));
    }

    @Override
    public boolean isFree(ConsumerRecord<byte[], byte[]> source) {
        return free.test(source);
    }

    List<Long> offsets() {
        return accepted.stream().map(Accepted::offset).toList();
    }

    /** As it was handed over last. */
    Taken taken(long offset) {
        return accepted.reversed().stream()
                .filter(one -> one.offset() == offset)
                .findFirst()
                .orElseThrow()
                .taken();
    }
}
