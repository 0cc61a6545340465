package dev.photon.protocol;

import static dev.photon.protocol.TestingRecords.consumed;
import static dev.photon.protocol.TestingRecords.plain;
import static dev.photon.protocol.TestingRecords.reason;
import static dev.photon.protocol.TestingRecords.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class CommandCodecTest {
    private static final String TOML = "name = \"hello\"\nversion = \"1.0.0\"\n";

    @Property
    void aCommandIsReadAsItWasWritten(@ForAll("commands") Command command) {
        var read = valid(CommandCodec.decodeCommand(consumed(CommandCodec.encode("t", command))));

        assertThat(read).usingRecursiveComparison().isEqualTo(command);
    }

    @Property
    void aResultIsReadAsItWasWritten(@ForAll("results") CommandResult result) {
        var read = valid(CommandCodec.decodeResult(consumed(CommandCodec.encode("t", result))));

        assertThat(read).isEqualTo(result);
    }

    @Property(tries = 5000)
    void decodingGarbageNeverThrows(@ForAll("garbage") ConsumerRecord<byte[], byte[]> garbage) {
        assertThat(CommandCodec.decodeCommand(garbage)).isNotNull();
        assertThat(CommandCodec.decodeResult(garbage)).isNotNull();
    }

    @Property
    void decodingADamagedRecordNeverThrows(@ForAll("damaged") ConsumerRecord<byte[], byte[]> damaged) {
        assertThat(CommandCodec.decodeCommand(damaged)).isNotNull();
        assertThat(CommandCodec.decodeResult(damaged)).isNotNull();
    }

    @Test
    void aPlainRecordWithTheModuleAndTheTomlDeploys() {
        var headers = new RecordHeaders().add("toml", TOML.getBytes(UTF_8));
        var module = new byte[] {0, 'a', 's', 'm'};

        var read = valid(CommandCodec.decodeCommand(consumed("hello".getBytes(UTF_8), module, headers)));

        assertThat(read)
                .usingRecursiveComparison()
                .isEqualTo(new Command(
                        "photon.in.local-3-42",
                        "kafka",
                        new Command.Deploy(
                                "hello", TOML, Optional.of(new Command.Content.Inline(module)), Optional.empty())));
    }

    @Test
    void aCommandNeedsNoKey() {
        var change =
                valid(CommandCodec.decodeCommand(plain("module", "toml", TOML))).change();

        assertThat(((Command.Deploy) change).name()).isEmpty();
    }

    @Test
    void aTypeThatIsNoCommandIsMalformed() {
        assertThat(reason(CommandCodec.decodeCommand(plain("module", "toml", TOML, "ce_type", "com.example.other"))))
                .contains("dev.photon.deploy")
                .contains("dev.photon.alias");
    }

    @Test
    void whatIsDeletedOrAliasedIsNamedByTheKey() {
        assertThat(reason(CommandCodec.decodeCommand(plain("", "ce_type", "dev.photon.delete"))))
                .contains("key");
        assertThat(reason(CommandCodec.decodeCommand(plain("[]", "ce_type", "dev.photon.alias"))))
                .contains("key");
    }

    @Test
    void aRegionIsDrainedOrNotAndNothingElse() {
        var odd = consumed(
                "us-east".getBytes(UTF_8),
                "full".getBytes(UTF_8),
                new RecordHeaders().add("ce_type", "dev.photon.region".getBytes(UTF_8)));

        assertThat(reason(CommandCodec.decodeCommand(odd))).contains("draining");
    }

    @Test
    void aCommandWithoutTomlIsMalformed() {
        assertThat(reason(CommandCodec.decodeCommand(plain("module")))).contains("toml");
    }

    @Test
    void aCommandWithoutAModuleSaysWhereToPutIt() {
        assertThat(reason(CommandCodec.decodeCommand(plain("", "toml", TOML))))
                .contains("value")
                .contains("chunks");
    }

    @Test
    void aTriggerIsChangedByAPlainRecord() {
        var headers = new RecordHeaders()
                .add("ce_type", "dev.photon.trigger".getBytes(UTF_8))
                .add("ce_photontopic", "orders".getBytes(UTF_8))
                .add("ce_photonaction", "pause".getBytes(UTF_8));

        assertThat(valid(CommandCodec.decodeCommand(consumed("hello".getBytes(UTF_8), null, headers)))
                        .change())
                .isEqualTo(new Command.PauseTrigger("hello", "orders"));
    }

    @Test
    void aChangeOfATriggerSaysWhichOneAndHow() {
        assertThat(reason(trigger("ce_photonaction", "pause"))).contains("ce_photontopic");
        assertThat(reason(trigger("ce_photontopic", "orders"))).contains("ce_photonaction");
        assertThat(reason(trigger("ce_photontopic", "orders", "ce_photonaction", "stop")))
                .contains("pause, resume and seek");
    }

    private static Decoded<Command> trigger(String... said) {
        var headers = new RecordHeaders().add("ce_type", "dev.photon.trigger".getBytes(UTF_8));
        for (int i = 0; i < said.length; i += 2) {
            headers.add(said[i], said[i + 1].getBytes(UTF_8));
        }
        return CommandCodec.decodeCommand(consumed("hello".getBytes(UTF_8), null, headers));
    }

    @Test
    void aCommandWithoutAnIdIsNamedByItsPlaceInTheLog() {
        assertThat(valid(CommandCodec.decodeCommand(plain("module", "toml", TOML, "ce_id", "")))
                        .id())
                .isEqualTo("photon.in.local-3-42");
    }

    /** The id comes back in the result, twice: a long one would not fit a record, and its command never be decided. */
    @Test
    void anIdOfMoreThan128CharactersIsMalformed() {
        assertThat(reason(CommandCodec.decodeCommand(plain("module", "toml", TOML, "ce_id", "i".repeat(129)))))
                .contains("id");
    }

    @Property
    void numbersOfAnUploadOutOfTheirRangeAreMalformed(@ForAll("outOfRange") String[] wrong) {
        var record = plain(
                "",
                "toml",
                TOML,
                "ce_photonupload",
                "u",
                "ce_photonuploadpartition",
                "0",
                "ce_photonuploadoffset",
                "0",
                "ce_photonuploadchunks",
                "1",
                "ce_photonuploadsize",
                "1",
                "ce_photondigest",
                Digest.of(new byte[0]).toString());
        record.headers().add(wrong[0], wrong[1].getBytes(UTF_8));

        assertThat(reason(CommandCodec.decodeCommand(record))).contains(wrong[0]);
    }

    @Provide
    Arbitrary<String[]> outOfRange() {
        return Arbitraries.of(
                new String[] {"ce_photonuploadpartition", "-1"},
                new String[] {"ce_photonuploadpartition", "2147483648"},
                new String[] {"ce_photonuploadoffset", "-1"},
                new String[] {"ce_photonuploadchunks", "0"},
                new String[] {"ce_photonuploadchunks", "1048577"},
                new String[] {"ce_photonuploadsize", "0"},
                new String[] {"ce_photonuploadsize", "many"},
                new String[] {"ce_photondigest", "sha256:"});
    }

    @Provide
    Arbitrary<Command> commands() {
        return Generated.commands();
    }

    @Provide
    Arbitrary<CommandResult> results() {
        return Generated.results();
    }

    @Provide
    Arbitrary<ConsumerRecord<byte[], byte[]>> garbage() {
        return Generated.garbage();
    }

    @Provide
    Arbitrary<ConsumerRecord<byte[], byte[]>> damaged() {
        return Generated.damaged(Arbitraries.oneOf(
                Generated.commands().map(command -> consumed(CommandCodec.encode("t", command))),
                Generated.results().map(result -> consumed(CommandCodec.encode("t", result)))));
    }
}
