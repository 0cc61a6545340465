package dev.photon.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class ReplayPrinterTest {
    private final StringWriter notes = new StringWriter();
    private final Output output = new Output();
    private final ReplayPrinter printer = new ReplayPrinter(output);

    @BeforeEach
    void printIntoNothing() {
        output.form = Output.Form.TABLE;
        output.command = CommandSpec.create();
        new CommandLine(output.command)
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(notes));
    }

    private static JsonNode summary(String counts) throws Exception {
        return new ObjectMapper().readTree("{\"type\":\"summary\"," + counts + "}");
    }

    private void refuses(String counts, String reason) throws Exception {
        var line = summary(counts);
        assertThatThrownBy(() -> printer.take(line))
                .hasMessage(reason)
                .isInstanceOfSatisfying(
                        RemoteFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(RemoteFailure.UNAVAILABLE));
    }

    @Test
    void nothingDiffersWhenAllThatWasComparedIsTheSame() throws Exception {
        assertThat(printer.take(summary("\"records\":3,\"same\":1,\"called\":2")))
                .isTrue();
        assertThat(printer.differs()).isFalse();
    }

    @Test
    void nothingComparedIsNoSuccess() throws Exception {
        refuses("\"records\":0", "nothing was compared: there are no such records");
        refuses("\"records\":5,\"called\":3,\"noBaseline\":2", "nothing was compared: 3 called, 2 noBaseline");
    }

    @Test
    void whatCouldNotBeRunIsSaidUnlessSomethingDiffers() throws Exception {
        refuses(
                "\"records\":2,\"same\":1,\"notRun\":1,\"notRunReason\":\"no memory\"",
                "1 records could not be run: no memory");
        assertThat(printer.take(summary("\"records\":2,\"different\":1,\"notRun\":1")))
                .isTrue();
        assertThat(printer.differs()).isTrue();
    }

    @Test
    void saysWhatRetentionRemovedAlsoWhenNothingIsLeft() throws Exception {
        refuses("\"records\":0,\"removed\":10", "nothing was compared: there are no such records");

        assertThat(notes.toString()).contains("up to 10 earlier records");
    }
}
