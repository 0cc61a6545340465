package dev.photon.executor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.executor.wasm.GuestLog;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.LogCodec;
import dev.photon.protocol.LogLevel;
import dev.photon.protocol.LogLine;
import dev.photon.protocol.Refusals;
import dev.photon.registry.Manifest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what functions write for people to {@code photon.logs}. Never waits: what passes a function's share of a second,
 * or finds the queue full, is dropped and counted. Thread-safe.
 */
final class FunctionLogs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FunctionLogs.class);
    private static final int QUEUE = 10_000;
    private static final String BUFFER_BYTES = Integer.toString(8 << 20);
    private static final int MAX_LINE = 4_096;
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** A line may begin with its level: {@code ERROR …}, {@code [warn] …}, {@code info: …}. */
    private static final Pattern LEVEL =
            Pattern.compile("\\[?(ERROR|WARN|INFO|DEBUG|TRACE)(?:[\\]:\\s]|$).*", Pattern.CASE_INSENSITIVE);

    private final String topic;
    private final String region;
    private final String instance;
    private final ExecutorMetrics metrics;
    private final Refusals refusals;
    private final Producer<byte[], byte[]> producer;
    private final BlockingQueue<LogLine> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Map<String, Share> shares = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    FunctionLogs(KafkaConnection kafka, String topic, String region, String instance, ExecutorMetrics metrics) {
        this(
                topic,
                region,
                instance,
                metrics,
                new Refusals(kafka),
                kafka.producer(
                        "logs-" + instance,
                        Map.of("linger.ms", "50", "compression.type", "lz4", "buffer.memory", BUFFER_BYTES)));
    }

    /**
     * @param producer closed with this
     */
    FunctionLogs(
            String topic,
            String region,
            String instance,
            ExecutorMetrics metrics,
            Refusals refusals,
            Producer<byte[], byte[]> producer) {
        this.topic = topic;
        this.region = region;
        this.instance = instance;
        this.metrics = metrics;
        this.refusals = refusals;
        this.producer = producer;
        this.thread = Thread.ofPlatform().name("function-logs").start(this::run);
    }

    /** What one run logs. */
    GuestLog of(Manifest manifest, String executionId) {
        return new GuestLog() {
            @Override
            public boolean keeps(LogLevel level) {
                return manifest.logs().keeps(level);
            }

            @Override
            public void line(LogLevel level, String text) {
                add(manifest, executionId, level, text);
            }

            @Override
            public void write(byte[] kept, long dropped) {
                wrote(manifest, executionId, kept, dropped);
            }
        };
    }

    /**
     * What a run wrote to its standard error.
     *
     * @param dropped how many bytes it wrote beyond those that were kept
     */
    private void wrote(Manifest manifest, String executionId, byte[] kept, long dropped) {
        new String(kept, UTF_8).lines().filter(line -> !line.isBlank()).forEach(line -> {
            var match = LEVEL.matcher(line);
            var level = match.matches() ? LogLevel.of(match.group(1)) : Optional.<LogLevel>empty();
            add(manifest, executionId, level.orElse(LogLevel.INFO), line);
        });
        if (dropped > 0) {
            add(manifest, executionId, LogLevel.WARN, dropped + " more bytes were written and are lost");
        }
    }

    /** What the platform has to say about a run. */
    void add(Manifest manifest, String executionId, LogLevel level, String message) {
        if (!manifest.logs().keeps(level)) {
            return;
        }
        var text = message.length() <= MAX_LINE ? message : message.substring(0, MAX_LINE) + "…";
        var line = new LogLine(
                InvocationIds.next(),
                System.currentTimeMillis(),
                executionId,
                manifest.name(),
                manifest.version(),
                level,
                region,
                instance,
                text);
        var share = shares.computeIfAbsent(manifest.name(), name -> new Share());
        if (!share.take(text.length()) || !queue.offer(line)) {
            metrics.logDropped();
        }
    }

    private void run() {
        try {
            while (!closed || !queue.isEmpty()) {
                var line = queue.poll(100, TimeUnit.MILLISECONDS);
                if (line != null) {
                    send(line);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(LogLine line) {
        try {
            producer.send(LogCodec.encode(topic, line), (metadata, failure) -> {
                if (failure != null) {
                    refusals.tell(failure);
                    metrics.logDropped();
                }
            });
        } catch (KafkaException e) {
            LOG.atDebug().addKeyValue("error", e.toString()).log("log line dropped");
            metrics.logDropped();
        }
    }

    /** Sends what is queued, for a second at most. */
    @Override
    public void close() {
        closed = true;
        try {
            if (!thread.join(GRACE)) {
                thread.interrupt();
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(GRACE);
    }

    /** What one function may log in a second. */
    private static final class Share {
        private static final int LINES = 1_000;
        private static final int CHARACTERS = 256 << 10;
        private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

        private long since = System.nanoTime();
        private int lines;
        private int characters;

        synchronized boolean take(int length) {
            var now = System.nanoTime();
            if (now - since >= SECOND) {
                since = now;
                lines = 0;
                characters = 0;
            }
            lines++;
            characters += length;
            return lines <= LINES && characters <= CHARACTERS;
        }
    }
}
