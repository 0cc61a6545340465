package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.dylibso.chicory.wasm.Parser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ModuleSectionsTest {
    private static final byte NOP = 0x01;
    private static final byte END = 0x0b;
    private static final byte DROP = 0x1a;

    @Test
    void everyFunctionOfALargeModuleIsCheckedOnceAndOnlySomeAtATime() throws Exception {
        var sections = sections(module(body(400_000), body(400_000), body(400_000), body(10)));

        assertThat(sections.slices()).isEqualTo(2);
        assertThat(size(sections, 0)).isBetween(800_000, 810_000);
        assertThat(size(sections, 1)).isBetween(400_000, 410_000);
        assertThat(sections.definitions().readAllBytes()).hasSizeLessThan(100);
    }

    @Property
    void aMistakeIsFoundWhicheverSliceItIsIn(@ForAll @IntRange(max = 2) int wrong) {
        var bodies = new byte[3][];
        Arrays.fill(bodies, body(700_000));
        bodies[wrong] = new byte[] {DROP, END};

        assertThatThrownBy(() -> GuestModule.check(ByteBuffer.wrap(module(bodies))))
                .isInstanceOf(InvalidModule.class);
    }

    @Test
    void neitherDebugInformationNorDataIsChecked() throws Exception {
        var bytes = new byte[5_000_000];
        var module = new TestingModule()
                .custom(bytes)
                .type()
                .function()
                .memory(100)
                .exportFunction("_start")
                .body(END)
                .data(bytes)
                .custom(bytes)
                .bytes();

        var sections = sections(module);

        assertThat(sections.slices()).isEqualTo(1);
        assertThat(size(sections, 0)).isLessThan(100);
        assertThat(GuestModule.check(ByteBuffer.wrap(module)).initialPages()).isEqualTo(100);
    }

    @Test
    void whatRunsIsAllButTheDebugInformation() throws Exception {
        var data = new byte[1_000];
        new Random(1).nextBytes(data);
        var plain = new TestingModule()
                .type()
                .function()
                .memory(1)
                .exportFunction("_start")
                .body(END);
        var expected = plain.data(data).bytes();
        var module = new TestingModule()
                .custom(data)
                .type()
                .function()
                .custom(data)
                .memory(1)
                .exportFunction("_start")
                .body(END)
                .data(data)
                .custom(data)
                .bytes();

        assertThat(sections(module).toRun().readAllBytes()).isEqualTo(expected);
    }

    @Test
    void whatWouldTakeTheMemoryOrTheTimeOfOthersIsRefusedUnparsed() {
        assertThat(refusal(module(body(1_100_000)))).contains("bytes and locals in one function");
        // One group of 2^21 - 1 locals of type i32.
        var locals = new byte[] {1, 6, 1, (byte) 0xff, (byte) 0xff, 0x7f, 0x7f, END};
        assertThat(refusal(new TestingModule()
                        .type()
                        .function()
                        .section(10, locals)
                        .bytes()))
                .contains("bytes and locals in one function");
        var functions = new byte[100_001][];
        Arrays.fill(functions, new byte[] {END});
        assertThat(refusal(module(functions))).contains("100001 functions");
        assertThat(refusal(
                        new TestingModule().section(1, new byte[(2 << 20) + 1]).bytes()))
                .contains("bytes of definitions");
        var results = new byte[5 + 256];
        Arrays.fill(results, (byte) 0x7f);
        System.arraycopy(new byte[] {1, 0x60, 0, (byte) 0x80, 2}, 0, results, 0, 5);
        assertThat(refusal(new TestingModule().section(1, results).memory(1).bytes()))
                .contains("more than 255 parameters or results");
    }

    private static String refusal(byte[] module) {
        return catchThrowableOfType(InvalidModule.class, () -> GuestModule.check(ByteBuffer.wrap(module)))
                .getMessage();
    }

    @Test
    void theBufferMayBeginAnywhere() throws Exception {
        var module = TestingModule.command(3);
        var within = ByteBuffer.allocateDirect(module.length + 20).position(7);
        within.put(module).flip().position(7);

        assertThat(GuestModule.check(within).initialPages()).isEqualTo(3);
        assertThat(GuestModule.read(within).memory().initialPages()).isEqualTo(3);
        assertThat(within.position()).isEqualTo(7);
    }

    /** What the parser takes as a whole is taken in slices, and what it refuses is refused. */
    @Test
    void aModuleWithAnyDamagedByteIsJudgedAsTheParserDoes() {
        var module = new TestingModule()
                .type()
                .function()
                .memory(1)
                .exportFunction("_start")
                .body(0x41, 1, 0x1a, END)
                .data(new byte[] {1, 2, 3})
                .bytes();
        for (int at = 0; at < module.length; at++) {
            for (int value = 0; value < 256; value++) {
                var damaged = module.clone();
                damaged[at] = (byte) value;
                var refused = refuses(() -> GuestModule.check(ByteBuffer.wrap(damaged)));

                assertThat(refused)
                        .as("byte %d as %d", at, value)
                        .isEqualTo(refuses(() -> GuestModule.read(ByteBuffer.wrap(damaged))));
                assertThat(refused || parses(damaged))
                        .as("byte %d as %d", at, value)
                        .isTrue();
            }
        }
    }

    private interface Judgement {
        void of() throws InvalidModule;
    }

    private static boolean refuses(Judgement judgement) {
        try {
            judgement.of();
            return false;
        } catch (InvalidModule e) {
            return true;
        }
    }

    /** The parser checks some of a module by assertions, which are on in tests. */
    private static boolean parses(byte[] module) {
        try {
            Parser.parse(module);
            return true;
        } catch (RuntimeException | AssertionError e) {
            return false;
        }
    }

    private static ModuleSections sections(byte[] module) throws InvalidModule {
        return ModuleSections.of(ByteBuffer.wrap(module));
    }

    private static int size(ModuleSections sections, int slice) throws IOException {
        return sections.slice(slice).readAllBytes().length;
    }

    private static byte[] module(byte[]... bodies) {
        return new TestingModule()
                .type()
                .functions(bodies.length)
                .memory(1)
                .exportFunction("_start")
                .bodies(bodies)
                .bytes();
    }

    private static byte[] body(int length) {
        var body = new byte[length];
        Arrays.fill(body, NOP);
        body[length - 1] = END;
        return body;
    }
}
