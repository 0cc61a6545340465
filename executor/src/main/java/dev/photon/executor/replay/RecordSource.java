package dev.photon.executor.replay;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.EntryCodec;
import dev.photon.protocol.EntryRule;
import dev.photon.protocol.EventCodec;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Whose records are run again. Immutable. */
sealed interface RecordSource {
    List<String> topics();

    /** Whether a record of these topics is one. */
    boolean has(ConsumerRecord<byte[], byte[]> source);

    Decoded<Invocation> decode(ConsumerRecord<byte[], byte[]> source);

    /**
     * A function's calls, among those of all functions.
     *
     * @param entries those of the topics that publishers write, with what they may do there now
     * @param reserved topics that no answer may go to
     */
    record Calls(String function, List<String> topics, Map<String, EntryRule> entries, Predicate<String> reserved)
            implements RecordSource {
        @Override
        public boolean has(ConsumerRecord<byte[], byte[]> source) {
            return InvocationCodec.isFor(source, function);
        }

        @Override
        public Decoded<Invocation> decode(ConsumerRecord<byte[], byte[]> source) {
            var rule = Optional.ofNullable(entries.get(source.topic()));
            return rule.isPresent() ? entry(source, rule.get()) : InvocationCodec.decode(source);
        }

        /** As it was when it came. */
        private Decoded<Invocation> entry(ConsumerRecord<byte[], byte[]> source, EntryRule rule) {
            return switch (EntryCodec.decode(source, rule, reserved, source.timestamp())) {
                case EntryCodec.Taken taken -> new Decoded.Valid<>(taken.invocation());
                case EntryCodec.Refused refused -> new Decoded.Malformed<>(refused.reason());
            };
        }
    }

    /** Those of a trigger's topic, as at their first attempt. */
    record OfTrigger(String function, String topic) implements RecordSource {
        @Override
        public List<String> topics() {
            return List.of(topic);
        }

        @Override
        public boolean has(ConsumerRecord<byte[], byte[]> source) {
            return true;
        }

        @Override
        public Decoded<Invocation> decode(ConsumerRecord<byte[], byte[]> source) {
            return EventCodec.decode(source, function, new EventCodec.Run(1, false));
        }
    }
}
