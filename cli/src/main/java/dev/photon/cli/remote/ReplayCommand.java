package dev.photon.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code faas remote replay}: what a version would make of records that another one ran for. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description =
                "Runs retained calls, or a trigger's records, again in two versions of a function, and tells where"
                        + " they differ. Nothing else happens: no offset moves, calls to others are refused, nothing is"
                        + " logged or counted, and without --sink nothing is published.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:nothing that was compared differs",
            "1:something differs",
            "2:the command line is wrong, or the region refused it",
            "3:not all could be run, nothing was compared, or the region failed or cannot be reached",
            "4:there is no such function or version"
        })
final class ReplayCommand implements Callable<Integer> {
    private static final String DRY_RUN = "dry-run";
    private static final int DIFFERENT = 1;
    private static final int USAGE = 2;
    private static final Pattern AGO = Pattern.compile("([0-9]{1,9})([smhd])");

    @Mixin
    Server server;

    @Mixin
    Output output;

    @Parameters(index = "0", arity = "0..1", description = "The function; that of this folder when left out")
    Optional<String> function = Optional.empty();

    @Option(
            names = "--from",
            required = true,
            description = "Of the records' times the first: 2026-01-31T12:00:00Z, or so long ago: 30s, 15m, 1h, 2d")
    String from;

    @Option(names = "--to", description = "The first that is not wanted any more, in the same way (default: now)")
    Optional<String> to = Optional.empty();

    @Option(names = "--version", description = "The version that is tried (default: the latest)")
    Optional<String> version = Optional.empty();

    @Option(
            names = "--baseline",
            description =
                    "The version that it is compared with (default: the one that a call was made to, and the latest"
                            + " of a trigger)")
    Optional<String> baseline = Optional.empty();

    @Option(names = "--trigger", description = "The topic of a trigger, whose records are run instead of calls")
    Optional<String> trigger = Optional.empty();

    @Option(
            names = "--sink",
            defaultValue = DRY_RUN,
            description = "A topic that gets the tried version's outputs, or dry-run (default: dry-run)")
    String sink;

    @Option(names = "--json", description = "The same as --output json: a JSON object for each line")
    boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (json) {
            output.form = Output.Form.JSON;
        }
        var printer = new ReplayPrinter(output);
        try {
            server.lines(server.at("function", FunctionFolder.nameOf(function), "replay"), wish(), printer::take);
        } catch (RemoteFailure e) {
            throw e.exitCode() == RemoteFailure.REFUSED ? new RemoteFailure(USAGE, e.getMessage()) : e;
        }
        return printer.differs() ? DIFFERENT : 0;
    }

    private JsonNode wish() throws RemoteFailure {
        var wish = JsonNodeFactory.instance.objectNode().put("from", time(from));
        if (to.isPresent()) {
            wish.put("to", time(to.get()));
        }
        version.ifPresent(text -> wish.put("version", text));
        baseline.ifPresent(text -> wish.put("baseline", text));
        trigger.ifPresent(topic -> wish.put("trigger", topic));
        return sink.equals(DRY_RUN) ? wish : wish.put("sink", sink);
    }

    private static String time(String text) throws RemoteFailure {
        var ago = AGO.matcher(text);
        if (!ago.matches()) {
            return text;
        }
        try {
            var unit = ago.group(2).toUpperCase(Locale.ROOT);
            var iso = (unit.equals("D") ? "P" : "PT") + ago.group(1) + unit;
            return Instant.now().minus(Duration.parse(iso)).toString();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new RemoteFailure(USAGE, "'" + text + "' is too long ago");
        }
    }
}
