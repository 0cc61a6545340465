package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    @Test
    void anUnsetOrEmptyKeyHasItsDefault() {
        var settings = new Settings(Map.of("PHOTON_EMPTY", "")::get);

        assertThat(settings.text("PHOTON_UNSET", "default")).isEqualTo("default");
        assertThat(settings.text("PHOTON_EMPTY", "default")).isEqualTo("default");
        assertThat(settings.integer("PHOTON_UNSET", 5, 0, 10)).isEqualTo(5);
        assertThat(settings.integer("PHOTON_EMPTY", 5, 0, 10)).isEqualTo(5);
        assertThat(settings.oneOf("PHOTON_UNSET", Blame.LIMIT, Blame.values())).isEqualTo(Blame.LIMIT);
        assertThatCode(settings::check).doesNotThrowAnyException();
    }

    @Test
    void aSetKeyIsRead() {
        var settings = new Settings(Map.of("A", "text", "B", "10", "C", "limit")::get);

        assertThat(settings.text("A", "")).isEqualTo("text");
        assertThat(settings.integer("B", 5, 0, 10)).isEqualTo(10);
        assertThat(settings.oneOf("C", Blame.CALLER, Blame.values())).isEqualTo(Blame.LIMIT);
        assertThatCode(settings::check).doesNotThrowAnyException();
    }

    @Test
    void allProblemsAreReportedTogether() {
        var settings = new Settings(Map.of("A", "ten", "B", "11", "C", "nobody")::get);

        var a = settings.integer("A", 5, 0, 10);
        var b = settings.integer("B", 5, 0, 10);
        var c = settings.oneOf("C", Blame.CALLER, Blame.values());
        settings.refuseUnknown(Set.of("PHOTON_PROT", "PATH"), Set.of("PHOTON_PORT"));

        assertThat(a).isEqualTo(5);
        assertThat(b).isEqualTo(5);
        assertThat(c).isEqualTo(Blame.CALLER);
        assertThatIllegalArgumentException()
                .isThrownBy(settings::check)
                .withMessageContaining("A is 'ten'")
                .withMessageContaining("B is '11' and must be a whole number from 0 to 10")
                .withMessageContaining("C is 'nobody'")
                .withMessageContaining("PHOTON_PROT")
                .withMessageContaining("PHOTON_PORT")
                .withMessageNotContaining("PATH");
    }

    @Test
    void everyPartOfAListIsReadOrReported() {
        var settings = new Settings(Map.of("A", "1, 2", "B", "3,x,,4")::get);

        assertThat(settings.list("UNSET", Integer::valueOf)).isEmpty();
        assertThat(settings.list("A", Integer::valueOf)).containsExactly(1, 2);
        assertThat(settings.list("B", Integer::valueOf)).containsExactly(3, 4);
        assertThatIllegalArgumentException()
                .isThrownBy(settings::check)
                .withMessageContaining("B has 'x'")
                .withMessageNotContaining("A has");
    }

    @Test
    void aSecretMayStandInAFile(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("key"), "correct horse\n");
        var settings = new Settings(Map.of("A_FILE", file.toString(), "B", "battery staple")::get);

        assertThat(settings.secret("A", 13)).contains("correct horse");
        assertThat(settings.secret("B", 14)).contains("battery staple");
        assertThat(settings.secrets("A", 13)).containsExactly("correct horse");
        assertThat(settings.secret("C", 1)).isEmpty();
        assertThatCode(settings::check).doesNotThrowAnyException();
    }

    @Test
    void aSecretThatCannotBeReadOrIsThereTwiceIsRefusedWithoutTellingIt(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("key"), "correct horse");
        var empty = Files.writeString(folder.resolve("empty"), "\n");
        var settings = new Settings(Map.of(
                "TWICE", "battery staple",
                "TWICE_FILE", file.toString(),
                "SHORT_FILE", file.toString(),
                "EMPTY_FILE", empty.toString(),
                "GONE_FILE", folder.resolve("none").toString(),
                "FOLDER_FILE", folder.toString())::get);

        for (var key : List.of("TWICE", "SHORT", "EMPTY", "GONE", "FOLDER")) {
            settings.secret(key, 14);
        }

        assertThatIllegalArgumentException()
                .isThrownBy(settings::check)
                .withMessageContaining("TWICE and TWICE_FILE are both set")
                .withMessageContaining("SHORT must have at least 14 characters")
                .withMessageContaining("EMPTY_FILE: " + empty + " is empty")
                .withMessageContaining("GONE_FILE: " + folder.resolve("none") + " does not exist")
                .withMessageContaining("FOLDER_FILE: " + folder + " cannot be read")
                .withMessageNotContaining("horse")
                .withMessageNotContaining("staple");
    }

    @Test
    void aKnownKeyIsNotRefused() {
        var settings = new Settings(key -> null);

        settings.refuseUnknown(Set.of("PHOTON_PORT", "HOME"), Set.of("PHOTON_PORT"));

        assertThatCode(settings::check).doesNotThrowAnyException();
    }
}
