package dev.photon.protocol;

import static dev.photon.protocol.Headers.DIGEST;
import static dev.photon.protocol.Headers.ERROR;
import static dev.photon.protocol.Headers.FUNCTION;
import static dev.photon.protocol.Headers.ID;
import static dev.photon.protocol.Headers.MESSAGE;
import static dev.photon.protocol.Headers.TYPE;
import static dev.photon.protocol.Headers.VERSION;
import static dev.photon.protocol.Headers.VIEW;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Commands as records of {@code photon.deployments}, and their results on {@code photon.deployment-results}. A
 * deployment needs no more than a key, a value and the header {@code toml}, so that a person with kcat can deploy.
 * Stateless, thread-safe.
 */
public final class CommandCodec {
    /** The type of a command that has none, too. */
    public static final String DEPLOY_TYPE = "dev.photon.deploy";

    public static final String DELETE_TYPE = "dev.photon.delete";
    public static final String ALIAS_TYPE = "dev.photon.alias";
    public static final String KEY_TYPE = "dev.photon.key";
    public static final String SECRET_TYPE = "dev.photon.secret";
    public static final String REGION_TYPE = "dev.photon.region";
    public static final String ENTRY_TYPE = "dev.photon.entry";
    public static final String PLACE_TYPE = "dev.photon.place";
    public static final String TRIGGER_TYPE = "dev.photon.trigger";
    public static final String RESULT_TYPE = "dev.photon.deployed";

    private static final String DRAINING = "draining";
    private static final String TOML = "toml";
    private static final String BY = "ce_photonby";
    private static final String ALIAS = "ce_photonalias";
    private static final String TOPIC = "ce_photontopic";
    private static final String ACTION = "ce_photonaction";
    private static final String PAUSE = "pause";
    private static final String RESUME = "resume";
    private static final String SEEK = "seek";
    private static final String PURGE = "ce_photonpurge";
    private static final String FORCE = "ce_photonforce";
    private static final String UNCHANGED = "ce_photonunchanged";
    private static final int MAX_ID_LENGTH = 128;
    private static final int MAX_CHUNKS = 1 << 20;

    /** The headers that say where an upload is. */
    private record UploadHeaders(
            String id, String partition, String offset, String chunks, String size, String digest) {
        static final UploadHeaders MODULE = named("ce_photonupload", DIGEST);
        static final UploadHeaders ASSETS = named("ce_photonassets", "ce_photonassetsdigest");

        private static UploadHeaders named(String name, String digest) {
            return new UploadHeaders(name, name + "partition", name + "offset", name + "chunks", name + "size", digest);
        }

        void put(Headers.Writer headers, Command.Content.Uploaded upload) {
            headers.put(id, upload.id())
                    .put(partition, upload.partition())
                    .put(offset, upload.firstOffset())
                    .put(chunks, upload.chunks())
                    .put(size, upload.size())
                    .put(digest, upload.digest().toString());
        }

        Optional<Command.Content.Uploaded> read(Headers.Reader headers) throws MalformedRecord {
            var upload = headers.text(id);
            if (upload.isEmpty()) {
                return Optional.empty();
            }
            var found = new Command.Content.Uploaded(
                    upload.get(),
                    (int) bounded(headers, partition, 0, Integer.MAX_VALUE),
                    bounded(headers, offset, 0, Long.MAX_VALUE),
                    (int) bounded(headers, chunks, 1, MAX_CHUNKS),
                    bounded(headers, size, 1, Long.MAX_VALUE),
                    CommandCodec.digest(headers, digest));
            return Optional.of(found);
        }
    }

    private CommandCodec() {}

    public static ProducerRecord<byte[], byte[]> encode(String topic, Command command) {
        return switch (command.change()) {
            case Command.Deploy deploy -> encode(topic, command, deploy);
            case Command.Delete delete ->
                message(
                        topic,
                        delete.function(),
                        null,
                        head(command, DELETE_TYPE)
                                .put(VERSION, delete.version())
                                .put(FORCE, Boolean.toString(delete.force())));
            case Command.SetAlias set ->
                message(
                        topic,
                        set.function(),
                        set.targets(),
                        head(command, ALIAS_TYPE).put(ALIAS, set.alias()));
            case Command.DeleteAlias delete ->
                message(
                        topic,
                        delete.function(),
                        null,
                        head(command, ALIAS_TYPE).put(ALIAS, delete.alias()));
            case Command.SetKey set -> message(topic, set.id(), set.description(), head(command, KEY_TYPE));
            case Command.RevokeKey revoke -> message(topic, revoke.id(), null, head(command, KEY_TYPE));
            case Command.SetSecret set -> message(topic, set.name(), set.sealed(), head(command, SECRET_TYPE));
            case Command.DeleteSecret delete ->
                message(
                        topic,
                        delete.name(),
                        null,
                        head(command, SECRET_TYPE).put(FORCE, Boolean.toString(delete.force())));
            case Command.TriggerChange change -> encode(topic, command, change);
            case Command.SetEntry set -> message(topic, set.name(), set.description(), head(command, ENTRY_TYPE));
            case Command.DeleteEntry delete ->
                message(
                        topic,
                        delete.name(),
                        null,
                        head(command, ENTRY_TYPE).put(PURGE, Boolean.toString(delete.purge())));
            case Command.Drain drain ->
                message(topic, drain.region(), DRAINING.getBytes(UTF_8), head(command, REGION_TYPE));
            case Command.Undrain undrain -> message(topic, undrain.region(), null, head(command, REGION_TYPE));
            case Command.Place place -> {
                var headers = head(command, PLACE_TYPE);
                UploadHeaders.MODULE.put(headers, place.content());
                yield message(topic, place.content().digest().toString(), null, headers);
            }
        };
    }

    private static ProducerRecord<byte[], byte[]> encode(String topic, Command command, Command.Deploy deploy) {
        var headers = head(command, DEPLOY_TYPE).put(TOML, deploy.toml());
        deploy.assets().ifPresent(upload -> UploadHeaders.ASSETS.put(headers, upload));
        byte[] value = null;
        if (deploy.module().isPresent()) {
            switch (deploy.module().get()) {
                case Command.Content.Inline inline -> value = inline.bytes();
                case Command.Content.Uploaded upload -> UploadHeaders.MODULE.put(headers, upload);
            }
        }
        return message(topic, deploy.name(), value, headers);
    }

    private static ProducerRecord<byte[], byte[]> encode(String topic, Command command, Command.TriggerChange change) {
        var headers = head(command, TRIGGER_TYPE).put(TOPIC, change.topic());
        return switch (change) {
            case Command.PauseTrigger pause -> message(topic, pause.function(), null, headers.put(ACTION, PAUSE));
            case Command.ResumeTrigger resume -> message(topic, resume.function(), null, headers.put(ACTION, RESUME));
            case Command.SeekTrigger seek -> message(topic, seek.function(), seek.to(), headers.put(ACTION, SEEK));
        };
    }

    private static Headers.Writer head(Command command, String type) {
        return new Headers.Writer()
                .event(type, command.id(), "/photon/deployer")
                .put(BY, command.by());
    }

    private static ProducerRecord<byte[], byte[]> message(
            String topic, String key, byte[] value, Headers.Writer headers) {
        return new ProducerRecord<>(topic, null, null, key.getBytes(UTF_8), value, headers.build());
    }

    public static Decoded<Command> decodeCommand(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var headers = new Headers.Reader(source);
            var id = headers.nonEmpty(ID).orElseGet(() -> place(source));
            if (id.length() > MAX_ID_LENGTH) {
                throw new MalformedRecord(
                        "the id has %d characters, at most %d are taken".formatted(id.length(), MAX_ID_LENGTH));
            }
            var by = headers.nonEmpty(BY).filter(who -> who.length() <= MAX_ID_LENGTH);
            return new Command(id, by.orElse(Command.BY_KAFKA), change(headers, source));
        });
    }

    private static Command.Change change(Headers.Reader headers, ConsumerRecord<byte[], byte[]> source)
            throws MalformedRecord {
        var name = source.key() == null ? "" : new String(source.key(), UTF_8);
        var type = headers.text(TYPE).orElse(DEPLOY_TYPE);
        return switch (type) {
            case DEPLOY_TYPE -> deploy(name, headers, source.value());
            case DELETE_TYPE -> new Command.Delete(named(name), deletedVersion(headers), isForced(headers));
            case ALIAS_TYPE ->
                isEmpty(source)
                        ? new Command.DeleteAlias(named(name), headers.require(ALIAS))
                        : new Command.SetAlias(named(name), headers.require(ALIAS), source.value());
            case KEY_TYPE ->
                isEmpty(source) ? new Command.RevokeKey(named(name)) : new Command.SetKey(named(name), source.value());
            case SECRET_TYPE ->
                isEmpty(source)
                        ? new Command.DeleteSecret(named(name), isForced(headers))
                        : new Command.SetSecret(named(name), source.value());
            case TRIGGER_TYPE -> trigger(named(name), headers, source.value());
            case ENTRY_TYPE ->
                isEmpty(source)
                        ? new Command.DeleteEntry(named(name), saysTrue(headers, PURGE))
                        : new Command.SetEntry(named(name), source.value());
            case REGION_TYPE -> region(named(name), source);
            case PLACE_TYPE ->
                new Command.Place(UploadHeaders.MODULE
                        .read(headers)
                        .orElseThrow(() -> new MalformedRecord("the content to be placed was not uploaded")));
            default ->
                throw new MalformedRecord("header %s is none of %s, %s, %s, %s, %s, %s, %s, %s and %s"
                        .formatted(
                                TYPE,
                                DEPLOY_TYPE,
                                DELETE_TYPE,
                                ALIAS_TYPE,
                                KEY_TYPE,
                                SECRET_TYPE,
                                REGION_TYPE,
                                TRIGGER_TYPE,
                                ENTRY_TYPE,
                                PLACE_TYPE));
        };
    }

    private static Command.TriggerChange trigger(String function, Headers.Reader headers, byte[] value)
            throws MalformedRecord {
        var topic = headers.require(TOPIC);
        var action = headers.require(ACTION);
        return switch (action) {
            case PAUSE -> new Command.PauseTrigger(function, topic);
            case RESUME -> new Command.ResumeTrigger(function, topic);
            case SEEK -> new Command.SeekTrigger(function, topic, value == null ? new byte[0] : value);
            default ->
                throw new MalformedRecord("header %s is none of %s, %s and %s".formatted(ACTION, PAUSE, RESUME, SEEK));
        };
    }

    private static Command.Change region(String name, ConsumerRecord<?, byte[]> source) throws MalformedRecord {
        if (isEmpty(source)) {
            return new Command.Undrain(name);
        }
        if (!new String(source.value(), UTF_8).equals(DRAINING)) {
            throw new MalformedRecord("the value is '" + DRAINING + "', or nothing");
        }
        return new Command.Drain(name);
    }

    /** A version that was meant and left empty must not end the whole function. */
    private static Optional<String> deletedVersion(Headers.Reader headers) throws MalformedRecord {
        var version = headers.text(VERSION);
        if (version.isPresent() && version.get().isEmpty()) {
            throw new MalformedRecord("header " + VERSION + " is empty: leave it out to delete all versions");
        }
        return version;
    }

    private static boolean isForced(Headers.Reader headers) {
        return saysTrue(headers, FORCE);
    }

    private static boolean saysTrue(Headers.Reader headers, String name) {
        return headers.text(name).orElse("").equals("true");
    }

    private static boolean isEmpty(ConsumerRecord<?, byte[]> source) {
        return source.value() == null || source.value().length == 0;
    }

    private static String named(String key) throws MalformedRecord {
        if (key.isEmpty()) {
            throw new MalformedRecord("the record's key must name what is to be changed");
        }
        return key;
    }

    /** The id under which a command is answered, however malformed: its own, or its place in the log. */
    public static String commandId(ConsumerRecord<?, ?> source) {
        return new Headers.Reader(source)
                .nonEmpty(ID)
                .filter(id -> id.length() <= MAX_ID_LENGTH)
                .orElseGet(() -> place(source));
    }

    private static String place(ConsumerRecord<?, ?> source) {
        return source.topic() + "-" + source.partition() + "-" + source.offset();
    }

    private static Command.Deploy deploy(String name, Headers.Reader headers, byte[] value) throws MalformedRecord {
        var toml = headers.require(TOML);
        var assets = UploadHeaders.ASSETS.read(headers);
        var upload = UploadHeaders.MODULE.read(headers);
        if (upload.isPresent()) {
            return new Command.Deploy(name, toml, Optional.of(upload.get()), assets);
        }
        if (value != null && value.length > 0) {
            return new Command.Deploy(name, toml, Optional.of(new Command.Content.Inline(value)), assets);
        }
        if (assets.isEmpty()) {
            throw new MalformedRecord("the record has no module: put it in the value, or upload it in chunks");
        }
        return new Command.Deploy(name, toml, Optional.empty(), assets);
    }

    private static long bounded(Headers.Reader headers, String name, long least, long most) throws MalformedRecord {
        var value = headers.requireLong(name);
        if (value < least || value > most) {
            throw new MalformedRecord("header " + name + " is out of range");
        }
        return value;
    }

    /** The record of a result; its key is the command's id. */
    public static ProducerRecord<byte[], byte[]> encode(String topic, CommandResult result) {
        var headers = new Headers.Writer().event(RESULT_TYPE, result.commandId(), "/photon/registry");
        switch (result.decision()) {
            case CommandResult.Accepted accepted ->
                headers.put(FUNCTION, accepted.function())
                        .put(VERSION, accepted.version())
                        .put(DIGEST, accepted.digest().map(Digest::toString))
                        .put(UNCHANGED, Boolean.toString(accepted.unchanged()))
                        .put(VIEW, accepted.view())
                        .put(MESSAGE, accepted.warning());
            case CommandResult.Rejected rejected ->
                headers.put(ERROR, rejected.kind().code()).put(MESSAGE, rejected.reason());
        }
        var key = result.commandId().getBytes(UTF_8);
        return new ProducerRecord<>(topic, null, null, key, new byte[0], headers.build());
    }

    public static Decoded<CommandResult> decodeResult(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var headers = new Headers.Reader(source);
            headers.requireSchema();
            return new CommandResult(headers.require(ID), decision(headers));
        });
    }

    private static CommandResult.Decision decision(Headers.Reader headers) throws MalformedRecord {
        var error = headers.text(ERROR);
        if (error.isPresent()) {
            var kind = ErrorKind.ofCode(error.get()).orElse(ErrorKind.INTERNAL);
            return new CommandResult.Rejected(kind, headers.text(MESSAGE).orElse(kind.title()));
        }
        return new CommandResult.Accepted(
                headers.require(FUNCTION),
                headers.nonEmpty(VERSION),
                headers.nonEmpty(DIGEST).isPresent() ? Optional.of(digest(headers, DIGEST)) : Optional.empty(),
                headers.require(UNCHANGED).equals("true"),
                bounded(headers, VIEW, 0, Long.MAX_VALUE),
                headers.text(MESSAGE));
    }

    private static Digest digest(Headers.Reader headers, String name) throws MalformedRecord {
        return Digest.parse(headers.require(name))
                .orElseThrow(() -> new MalformedRecord("header " + name + " is not a digest"));
    }
}
