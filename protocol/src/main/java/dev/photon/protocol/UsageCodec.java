package dev.photon.protocol;

import static dev.photon.protocol.Headers.FUNCTION;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Counts as records of {@code photon.usage}; the record's time is the minute's begin. Stateless, thread-safe. */
public final class UsageCodec {
    public static final String TYPE = "dev.photon.usage";

    private static final String INSTANCE = "ce_photoninstance";
    private static final String MINUTE = "ce_photonminute";
    private static final String REQUESTS = "ce_photonrequests";
    private static final String ERRORS = "ce_photonerrors";
    private static final String UPLOADED = "ce_photonuploaded";
    private static final String DOWNLOADED = "ce_photondownloaded";

    /** Compaction keeps an empty value, and would take none for a deletion. */
    private static final byte[] EMPTY = {};

    private UsageCodec() {}

    public static ProducerRecord<byte[], byte[]> encode(String topic, UsageRecord usage) {
        var totals = usage.totals();
        var headers = new Headers.Writer()
                .event(TYPE, InvocationIds.next(), "/photon/usage/" + usage.instance())
                .put(INSTANCE, usage.instance())
                .put(MINUTE, usage.minute())
                .put(FUNCTION, usage.function())
                .put(REQUESTS, totals.requests())
                .put(ERRORS, totals.errors())
                .put(UPLOADED, totals.uploaded())
                .put(DOWNLOADED, totals.downloaded())
                .build();
        var time = TimeUnit.MINUTES.toMillis(usage.minute());
        return new ProducerRecord<>(topic, null, time, usage.key().getBytes(UTF_8), EMPTY, headers);
    }

    public static Decoded<UsageRecord> decode(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var headers = new Headers.Reader(source);
            headers.requireSchema();
            var totals = new UsageTotals(
                    count(headers, REQUESTS),
                    count(headers, ERRORS),
                    count(headers, UPLOADED),
                    count(headers, DOWNLOADED));
            var usage = new UsageRecord(
                    headers.require(INSTANCE), count(headers, MINUTE), headers.require(FUNCTION), totals);
            if (!Arrays.equals(source.key(), usage.key().getBytes(UTF_8))) {
                throw new MalformedRecord("key and headers are not of one thing");
            }
            return usage;
        });
    }

    private static long count(Headers.Reader headers, String name) throws MalformedRecord {
        var count = headers.requireLong(name);
        if (count < 0) {
            throw new MalformedRecord("header " + name + " is negative");
        }
        return count;
    }
}
