package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LargeFunctionsTest {
    @Test
    void saysNothingOfFunctionsThatAreCompiled() throws InvalidModule {
        assertThat(LargeFunctions.warning(ByteBuffer.wrap(module(40_000, 10)))).isEmpty();
    }

    @Test
    void namesFunctionsThatAreTooLargeByTheirIndexes() throws InvalidModule {
        assertThat(LargeFunctions.warning(ByteBuffer.wrap(module(10, 60_000, 70_000))))
                .hasValue(
                        "functions that may be too large to compile, and then are 50 to 500 times slower: function 2 (60004 bytes),"
                                + " function 3 (70004 bytes)");
    }

    @Test
    void namesThemAsTheModuleDoes() throws InvalidModule {
        var named = named(module(10, 60_000), new byte[] {1, 8, 1, 2, 5, 'p', 'a', 'r', 's', 'e'});

        assertThat(LargeFunctions.warning(ByteBuffer.wrap(named)).orElseThrow()).contains("parse (60004 bytes)");
    }

    @Test
    void countsWhatIsTooMuchToName() throws InvalidModule {
        var sizes = new int[8];
        Arrays.fill(sizes, 50_000);

        assertThat(LargeFunctions.warning(ByteBuffer.wrap(module(sizes))).orElseThrow())
                .endsWith("and 3 more");
    }

    @Property(tries = 300)
    void takesAnyNameSection(@ForAll byte[] content) throws InvalidModule {
        assertThat(LargeFunctions.warning(ByteBuffer.wrap(named(module(60_000), content))))
                .isPresent();
    }

    /** With one import, so that the first function's index is 1. */
    private static byte[] module(int... sizes) {
        var bodies = Arrays.stream(sizes).mapToObj(size -> new byte[size]).toArray(byte[][]::new);
        return new TestingModule()
                .type()
                .importFunctions("a", "b")
                .functions(sizes.length)
                .bodies(bodies)
                .bytes();
    }

    private static byte[] named(byte[] module, byte[] names) {
        var content = new ByteArrayOutputStream();
        content.write(4);
        content.writeBytes("name".getBytes(UTF_8));
        content.writeBytes(names);
        return new TestingModule(module).section(0, content.toByteArray()).bytes();
    }
}
