package dev.photon.protocol;

import static dev.photon.protocol.Headers.DIGEST;
import static dev.photon.protocol.Headers.ERROR;
import static dev.photon.protocol.Headers.FUNCTION;
import static dev.photon.protocol.Headers.ID;
import static dev.photon.protocol.Headers.MESSAGE;
import static dev.photon.protocol.Headers.VERSION;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Deployments as records of {@code photon.deployments} and {@code photon.deployment-results}. A command needs no more
 * than a key, a value and the header {@code toml}, so that a person with kcat can deploy. Stateless, thread-safe.
 */
public final class DeploymentCodec {
    public static final String COMMAND_TYPE = "dev.photon.deploy";
    public static final String RESULT_TYPE = "dev.photon.deployed";

    private static final String TOML = "toml";
    private static final String UPLOAD_ID = "ce_photonupload";
    private static final String UPLOAD_PARTITION = "ce_photonuploadpartition";
    private static final String UPLOAD_OFFSET = "ce_photonuploadoffset";
    private static final String UPLOAD_CHUNKS = "ce_photonuploadchunks";
    private static final String UPLOAD_SIZE = "ce_photonuploadsize";
    private static final String UNCHANGED = "ce_photonunchanged";
    private static final int MAX_ID_LENGTH = 128;
    private static final int MAX_CHUNKS = 1 << 20;

    private DeploymentCodec() {}

    public static ProducerRecord<byte[], byte[]> encode(String topic, DeployCommand command) {
        var headers = new Headers.Writer()
                .event(COMMAND_TYPE, command.deploymentId(), "/photon/deployer")
                .put(TOML, command.toml());
        var value = switch (command.content()) {
            case DeployCommand.Content.Inline inline -> inline.bytes();
            case DeployCommand.Content.Uploaded upload -> {
                headers.put(UPLOAD_ID, upload.id())
                        .put(UPLOAD_PARTITION, upload.partition())
                        .put(UPLOAD_OFFSET, upload.firstOffset())
                        .put(UPLOAD_CHUNKS, upload.chunks())
                        .put(UPLOAD_SIZE, upload.size())
                        .put(DIGEST, upload.digest().toString());
                yield null;
            }
        };
        return new ProducerRecord<>(topic, null, null, command.name().getBytes(UTF_8), value, headers.build());
    }

    public static Decoded<DeployCommand> decodeCommand(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var headers = new Headers.Reader(source);
            var name = source.key() == null ? "" : new String(source.key(), UTF_8);
            var id = headers.nonEmpty(ID).orElseGet(() -> plainCommandId(source));
            if (id.length() > MAX_ID_LENGTH) {
                throw new MalformedRecord(
                        "the id has %d characters, at most %d are taken".formatted(id.length(), MAX_ID_LENGTH));
            }
            return new DeployCommand(id, name, headers.require(TOML), content(headers, source.value()));
        });
    }

    /** The id of a command that came without one: its place in the log, {@code <topic>-<partition>-<offset>}. */
    public static String plainCommandId(ConsumerRecord<?, ?> source) {
        return source.topic() + "-" + source.partition() + "-" + source.offset();
    }

    private static DeployCommand.Content content(Headers.Reader headers, byte[] value) throws MalformedRecord {
        var upload = headers.text(UPLOAD_ID);
        if (upload.isEmpty()) {
            if (value == null || value.length == 0) {
                throw new MalformedRecord("the record has no module: put it in the value, or upload it in chunks");
            }
            return new DeployCommand.Content.Inline(value);
        }
        var digest = Digest.parse(headers.require(DIGEST))
                .orElseThrow(() -> new MalformedRecord("header " + DIGEST + " is not a digest"));
        var partition = bounded(headers, UPLOAD_PARTITION, 0, Integer.MAX_VALUE);
        var chunks = bounded(headers, UPLOAD_CHUNKS, 1, MAX_CHUNKS);
        return new DeployCommand.Content.Uploaded(
                upload.get(),
                (int) partition,
                bounded(headers, UPLOAD_OFFSET, 0, Long.MAX_VALUE),
                (int) chunks,
                bounded(headers, UPLOAD_SIZE, 1, Long.MAX_VALUE),
                digest);
    }

    private static long bounded(Headers.Reader headers, String name, long least, long most) throws MalformedRecord {
        var value = headers.requireLong(name);
        if (value < least || value > most) {
            throw new MalformedRecord("header " + name + " is out of range");
        }
        return value;
    }

    /** The record of a result; its key is the deployment id. */
    public static ProducerRecord<byte[], byte[]> encode(String topic, DeployResult result) {
        var headers = new Headers.Writer().event(RESULT_TYPE, result.deploymentId(), "/photon/registry");
        switch (result.decision()) {
            case DeployResult.Accepted accepted ->
                headers.put(FUNCTION, accepted.name())
                        .put(VERSION, accepted.version())
                        .put(DIGEST, accepted.digest().toString())
                        .put(UNCHANGED, Boolean.toString(accepted.unchanged()));
            case DeployResult.Rejected rejected ->
                headers.put(ERROR, rejected.kind().code()).put(MESSAGE, rejected.reason());
        }
        var key = result.deploymentId().getBytes(UTF_8);
        return new ProducerRecord<>(topic, null, null, key, new byte[0], headers.build());
    }

    public static Decoded<DeployResult> decodeResult(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var headers = new Headers.Reader(source);
            headers.requireSchema();
            return new DeployResult(headers.require(ID), decision(headers));
        });
    }

    private static DeployResult.Decision decision(Headers.Reader headers) throws MalformedRecord {
        var error = headers.text(ERROR);
        if (error.isPresent()) {
            var kind = ErrorKind.ofCode(error.get()).orElse(ErrorKind.INTERNAL);
            return new DeployResult.Rejected(kind, headers.text(MESSAGE).orElse(kind.title()));
        }
        var digest = Digest.parse(headers.require(DIGEST))
                .orElseThrow(() -> new MalformedRecord("header " + DIGEST + " is not a digest"));
        return new DeployResult.Accepted(
                headers.require(FUNCTION),
                headers.require(VERSION),
                digest,
                headers.require(UNCHANGED).equals("true"));
    }
}
