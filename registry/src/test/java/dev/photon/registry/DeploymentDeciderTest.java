package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DeploymentDeciderTest {
    private static final Manifest.Limits SIXTEEN_PAGES = Generated.limits(30_000, 16);

    @Test
    void aModuleMayStartWithAsMuchMemoryAsItsLimit() {
        assertThatCode(() -> DeploymentDecider.check(ByteBuffer.wrap(TestingModule.command(16)), "", SIXTEEN_PAGES))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> DeploymentDecider.check(ByteBuffer.wrap(TestingModule.command(17)), "", SIXTEEN_PAGES))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("17 pages")
                .hasMessageContaining("16");
    }

    @Test
    void saysWhichFunctionsOfAModuleWillBeSlow() throws Exception {
        var body = new byte[70_000];
        Arrays.fill(body, (byte) 1);
        body[body.length - 1] = 0x0b;
        var module = new TestingModule()
                .type()
                .function()
                .memory(1)
                .exportFunction("_start")
                .bodies(body);

        assertThat(DeploymentDecider.check(ByteBuffer.wrap(module.bytes()), "", SIXTEEN_PAGES))
                .hasValueSatisfying(warning -> assertThat(warning).contains("too large to compile"));
        assertThat(DeploymentDecider.check(ByteBuffer.wrap(TestingModule.command(1)), "", SIXTEEN_PAGES))
                .isEmpty();
    }

    @Test
    void refusesATailCallOfAFunctionThatIsTooLargeToCompile() {
        assertThatThrownBy(() -> DeploymentDecider.check(withATailCallAndBytes(70_000), "", SIXTEEN_PAGES))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("function 1 of the module is too large to compile and makes a tail call");
        assertThatCode(() -> DeploymentDecider.check(withATailCallAndBytes(60_000), "", SIXTEEN_PAGES))
                .doesNotThrowAnyException();
    }

    /** In the second of two functions: {@code nop}, and {@code return_call 0}. */
    private static ByteBuffer withATailCallAndBytes(int bytes) {
        var body = new byte[bytes];
        Arrays.fill(body, (byte) 0x01);
        body[bytes - 3] = 0x12;
        body[bytes - 2] = 0;
        body[bytes - 1] = 0x0b;
        var module = new TestingModule()
                .type()
                .functions(2)
                .memory(1)
                .exportFunction("_start")
                .bodies(new byte[] {0x0b}, body);
        return ByteBuffer.wrap(module.bytes());
    }

    @Test
    void takesAScriptWhereThatIsTheLanguage() {
        var script = ByteBuffer.wrap("export default {}".getBytes(UTF_8));

        assertThatCode(() -> DeploymentDecider.check(script, "js", SIXTEEN_PAGES))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> DeploymentDecider.check(script, "rust", SIXTEEN_PAGES))
                .hasMessageContaining("not a valid");
        assertThatThrownBy(
                        () -> DeploymentDecider.check(ByteBuffer.wrap(new byte[] {(byte) 0xff}), "js", SIXTEEN_PAGES))
                .hasMessageContaining("not in UTF-8");
        assertThatThrownBy(() -> DeploymentDecider.check(ByteBuffer.wrap(new byte[0]), "js", SIXTEEN_PAGES))
                .hasMessageContaining("empty");
        assertThatThrownBy(
                        () -> DeploymentDecider.check(ByteBuffer.wrap(TestingModule.command(17)), "js", SIXTEEN_PAGES))
                .hasMessageContaining("17 pages");
    }
}
