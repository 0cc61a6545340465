package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestModuleTest {
    private static final String WASI = "wasi_snapshot_preview1";

    @Test
    void aCommandWithAMemoryOfItsOwnIsAccepted() {
        assertThatCode(() -> accept(TestingModule.command(1))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bad-header",
                "big-answer",
                "depth",
                "echo",
                "env",
                "exit-3",
                "loop",
                "memory-bomb",
                "no-answer",
                "recurse",
                "start-loop",
                "status",
                "stderr",
                "trap"
            })
    void whatTheToolchainsMakeIsAccepted(String guest) {
        assertThatCode(() -> accept(guest(guest))).doesNotThrowAnyException();
    }

    @Test
    void anImportThatIsNotOfferedIsNamed() throws IOException {
        assertThat(refusal(guest("unknown-import"))).contains("imports").contains(".");
        assertThat(refusal(importing(WASI, "fd_read", "fd_fly")))
                .contains(WASI + ".fd_fly")
                .doesNotContain("fd_read,");
        assertThat(refusal(importing("env", "fd_read"))).contains("env.fd_read");
    }

    @Test
    void ofManyImportsOnlySomeAreNamed() {
        assertThat(refusal(importing("env", "a", "b", "c", "d", "e", "f", "g")))
                .contains("env.e")
                .contains("2 more")
                .doesNotContain("env.f");
    }

    @Test
    void anImportedMemoryIsNotOffered() {
        var module = new TestingModule()
                .type()
                .importMemory("env", "memory")
                .function()
                .exportFunction("_start")
                .body(0x0b)
                .bytes();

        assertThat(refusal(module)).contains("env.memory");
    }

    @Test
    void aModuleWithoutAStartIsNoCommand() {
        var library = new TestingModule()
                .type()
                .function()
                .memory(1)
                .exportFunction("run")
                .body(0x0b)
                .bytes();
        var otherKind = new TestingModule()
                .type()
                .function()
                .memory(1)
                .exportMemory("_start")
                .body(0x0b)
                .bytes();

        assertThat(refusal(library)).contains("_start").contains("WASI command");
        assertThat(refusal(otherKind)).contains("_start");
    }

    @Test
    void aModuleThatExportsBothFunctionsOfAHandlerIsOne() throws InvalidModule {
        accept(TestingModule.handler());

        assertThat(GuestModule.read(ByteBuffer.wrap(TestingModule.handler())).kind())
                .isEqualTo(GuestModule.Kind.HANDLER);
        assertThat(GuestModule.read(ByteBuffer.wrap(TestingModule.command(1))).kind())
                .isEqualTo(GuestModule.Kind.COMMAND);
    }

    @Test
    void halfAHandlerIsNone() {
        var half = new TestingModule()
                .section(1, new byte[] {1, 0x60, 0, 1, 0x7e})
                .function()
                .memory(1)
                .exportFunction("handle_request")
                .body(0x42, 0, 0x0b)
                .bytes();

        assertThat(refusal(half)).contains("handle_request and handle_response");
    }

    @Test
    void aRefusedImportSaysWhatIsOffered() {
        assertThat(refusal(importing("env", "abort")))
                .contains("env.abort; functions of wasi_snapshot_preview1, http_handler, photon are offered");
    }

    @Test
    void aMemoryOfTwoGibibytesIsTooLarge() {
        assertThatCode(() -> accept(TestingModule.command(32_767))).doesNotThrowAnyException();
        assertThat(refusal(TestingModule.command(32_768))).contains("32768 pages", "at most 32767", "2 GiB");
    }

    @Test
    void aStartTakesNothing() {
        var takingANumber = new TestingModule()
                .section(1, new byte[] {1, 0x60, 1, 0x7f, 0})
                .function()
                .memory(1)
                .exportFunction("_start")
                .body(0x0b)
                .bytes();

        assertThat(refusal(takingANumber)).contains("_start");
    }

    @Test
    void aModuleNeedsAMemory() {
        var module = new TestingModule()
                .type()
                .function()
                .exportFunction("_start")
                .body(0x0b)
                .bytes();

        assertThat(refusal(module)).contains("memory");
    }

    @Test
    void aSharedMemoryIsNotOffered() {
        var module = new TestingModule()
                .type()
                .function()
                .section(5, new byte[] {1, 3, 1, 1})
                .exportFunction("_start")
                .body(0x0b)
                .bytes();

        assertThat(refusal(module)).contains("shared memory");
    }

    /** They live beside the memory, whose limit would not hold them. */
    @Test
    void tablesHaveALimit() {
        var twoMillion = new byte[] {1, 0x70, 0, -128, -128, -128, 1};
        var module = new TestingModule()
                .type()
                .function()
                .section(4, twoMillion)
                .memory(1)
                .exportFunction("_start")
                .body(0x0b)
                .bytes();

        assertThat(refusal(module)).contains("tables have 2097152 elements of at most 131072");
    }

    @Test
    void typesOfTheGarbageCollectedHeapAreNotOffered() {
        var emptyStruct = new byte[] {2, 0x60, 0, 0, 0x5f, 0};
        var module = new TestingModule()
                .section(1, emptyStruct)
                .function()
                .memory(1)
                .exportFunction("_start")
                .body(0x0b)
                .bytes();

        assertThat(refusal(module)).contains("garbage-collected");
    }

    @Test
    void anImportMustHaveTheTypeThatIsOffered() {
        assertThat(refusal(importing(WASI, "sched_yield")))
                .contains("sched_yield")
                .contains("other types");
    }

    @Test
    void codeThatDoesNotValidateIsInvalidModule() {
        var addingNothing = new TestingModule()
                .type()
                .function()
                .memory(1)
                .exportFunction("_start")
                .body(0x6a, 0x1a, 0x0b)
                .bytes();

        assertThat(refusal(addingNothing)).contains("not a valid WebAssembly module");
    }

    @Test
    void bytesThatAreNoModuleAreInvalidModule() {
        assertThat(refusal(new byte[0])).contains("not a valid");
        assertThat(refusal("function() {}".getBytes(UTF_8))).contains("not a valid");
    }

    /** A length that no memory holds must not take the registry's thread. */
    @Test
    void aNameOfTwoGigabytesThatIsNotThereIsInvalidModule() {
        var module = new TestingModule()
                .section(7, new byte[] {1, -1, -1, -1, -1, 7})
                .bytes();

        assertThat(refusal(module)).contains("not a valid");
    }

    /** A refusal travels in a record's header. */
    @Test
    void aRefusalIsShortHoweverLongTheImportsNames() {
        assertThat(refusal(importing("env", "x".repeat(1_000_000))).length()).isLessThan(2_000);
    }

    @Property
    void aModuleCutShortIsNeverAccepted(@ForAll @IntRange(min = 0, max = 1_000) int length) {
        var whole = TestingModule.command(1);

        assertThat(refusal(Arrays.copyOf(whole, length % whole.length))).isNotBlank();
    }

    @Property(tries = 3000)
    void aDamagedModuleIsAcceptedOrInvalidModule(
            @ForAll @IntRange(min = 0, max = 1_000) int place, @ForAll byte value) {
        var module = TestingModule.command(1);
        module[place % module.length] = value;

        assertThat(check(module)).isNotNull();
    }

    private static byte[] importing(String from, String... names) {
        return new TestingModule()
                .type()
                .importFunctions(from, names)
                .function()
                .memory(1)
                .exportFunction("_start")
                .body(0x0b)
                .bytes();
    }

    private static byte[] guest(String name) throws IOException {
        var root = Path.of(System.getProperty("photon.root"));
        return Files.readAllBytes(root.resolve("e2e/src/test/resources/guests").resolve(name + ".wasm"));
    }

    private static void accept(byte[] module) throws InvalidModule {
        GuestModule.check(ByteBuffer.wrap(module));
        GuestModule.read(ByteBuffer.wrap(module));
    }

    private static Optional<String> check(byte[] module) {
        try {
            GuestModule.check(ByteBuffer.wrap(module));
            return Optional.empty();
        } catch (InvalidModule e) {
            return Optional.of(e.getMessage());
        }
    }

    private static String refusal(byte[] module) {
        var checked = catchThrowableOfType(InvalidModule.class, () -> GuestModule.check(ByteBuffer.wrap(module)));
        var read = catchThrowableOfType(InvalidModule.class, () -> GuestModule.read(ByteBuffer.wrap(module)));
        assertThat(checked).as("a refusal").isNotNull();
        assertThat(read).as("a refusal of what is refused").isNotNull();
        return checked.getMessage();
    }
}
