package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class DeciderTest {
    private static final Manifest.Limits SIXTEEN_PAGES = new Manifest.Limits(30_000, 16);

    @Test
    void aModuleMayStartWithAsMuchMemoryAsItsLimit() {
        assertThatCode(() -> Decider.check(ByteBuffer.wrap(TestingModule.command(16)), SIXTEEN_PAGES))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Decider.check(ByteBuffer.wrap(TestingModule.command(17)), SIXTEEN_PAGES))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("17 pages")
                .hasMessageContaining("16");
    }
}
