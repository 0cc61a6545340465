package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.photon.protocol.Settings;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretBoxTest {
    private static final String OLD = "an operator's key of 32 characters or more";
    private static final String NEW = "another operator's key of 32 characters or more";

    @Property
    void opensWhatItSealed(@ForAll String name, @ForAll String value) {
        // Not every Java string is text: half a surrogate pair is none.
        var text = new String(value.getBytes(UTF_8), UTF_8);

        assertThat(box(OLD).open(name, box(OLD).seal(name, text))).contains(text);
    }

    @Test
    void aValueIsUnderItsOwnNameOnly() {
        assertThat(box(OLD).open("b", box(OLD).seal("a", "value"))).isEmpty();
    }

    @Test
    void theSameValueIsNeverSealedTheSame() {
        assertThat(box(OLD).seal("a", "value")).isNotEqualTo(box(OLD).seal("a", "value"));
    }

    @Test
    void aNewKeyInFrontOpensWhatTheOldOneSealed() {
        var sealed = box(OLD).seal("a", "value");

        assertThat(box(NEW).open("a", sealed)).isEmpty();
        assertThat(box(NEW + "," + OLD).open("a", sealed)).contains("value");
        assertThat(box(NEW).open("a", box(NEW + "," + OLD).seal("a", "value"))).contains("value");
    }

    @Property
    void whatWasTamperedWithDoesNotOpen(
            @ForAll @IntRange(max = 33) int at, @ForAll @IntRange(min = 1, max = 255) int by) {
        var sealed = box(OLD).seal("a", "value");
        sealed[at] ^= (byte) by;

        assertThat(box(OLD).open("a", sealed)).isEmpty();
    }

    @Property
    void garbageDoesNotOpen(@ForAll byte[] sealed) {
        assertThat(box(OLD).open("a", sealed)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"too short", "," + OLD, OLD + ",", OLD + ",too short"})
    void aShortKeyIsRefusedAndNoKeyIsShown(String keys) {
        var settings = new Settings(Map.of(SecretBox.SETTING, keys)::get);

        SecretBox.read(settings);

        assertThatIllegalArgumentException()
                .isThrownBy(settings::check)
                .withMessageContaining(SecretBox.SETTING)
                .withMessageNotContaining("too short");
        assertThat(box(OLD).toString()).isEqualTo("SecretBox of 1 keys");
    }

    @Test
    void withoutAKeyThereIsNoBox() {
        assertThat(SecretBox.read(new Settings(key -> null))).isEqualTo(Optional.empty());
    }

    private static SecretBox box(String keys) {
        return SecretBox.read(new Settings(Map.of(SecretBox.SETTING, keys)::get))
                .orElseThrow();
    }
}
