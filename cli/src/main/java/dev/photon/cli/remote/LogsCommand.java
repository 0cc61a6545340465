package dev.photon.cli.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code faas remote logs}: what functions wrote, and what they write. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Prints what functions wrote to their standard error, and why they failed; the oldest first.")
final class LogsCommand extends RemoteCommand.Base {
    private static final Duration EVERY = Duration.ofSeconds(1);

    /** Lines of several executors do not come in the order of their times: so much is read again. */
    private static final Duration OVERLAP = Duration.ofSeconds(5);

    @Parameters(index = "0", arity = "0..1", description = "A function; all when left out")
    Optional<String> function = Optional.empty();

    @Parameters(index = "1", arity = "0..1", description = "A version; all when left out")
    Optional<String> version = Optional.empty();

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with new lines until it is interrupted")
    boolean follow;

    @Option(names = "--since", defaultValue = "1h", description = "How far back: 30s, 15m, 1h (default: 1h)")
    String since;

    @Option(names = "--level", description = "The least severe: ERROR, WARN, INFO, DEBUG or TRACE")
    Optional<String> level = Optional.empty();

    @Option(names = "--execution", description = "Of one invocation")
    Optional<String> execution = Optional.empty();

    @Option(names = "--lines", defaultValue = "1000", description = "The most that are printed at once (default: 1000)")
    int lines;

    @Override
    void run() throws IOException, InterruptedException {
        // The newest lines are wanted when there are too many, and the oldest of them first.
        var answer = find(Instant.now().minus(duration()));
        var seen = print(answer, Set.of());
        while (follow) {
            Thread.sleep(EVERY);
            try {
                // By the server's clock.
                answer = find(Instant.ofEpochMilli(answer.path("end").asLong()).minus(OVERLAP));
                seen = print(answer, seen);
            } catch (RemoteFailure e) {
                if (e.exitCode() != RemoteFailure.UNAVAILABLE) {
                    throw e;
                }
            }
        }
    }

    private Duration duration() throws RemoteFailure {
        try {
            return Duration.parse("PT" + since);
        } catch (DateTimeParseException e) {
            throw new RemoteFailure(RemoteFailure.REFUSED, "--since is a time such as 30s, 15m or 1h");
        }
    }

    private JsonNode find(Instant start) throws IOException, InterruptedException {
        var query = new StringJoiner("&", "?", "");
        add(query, "start", start.toString());
        add(query, "lines", Integer.toString(lines));
        function.ifPresent(name -> add(query, "functionName", name));
        version.ifPresent(text -> add(query, "functionVersion", text));
        level.ifPresent(name -> add(query, "level", name));
        execution.ifPresent(id -> add(query, "executionId", id));
        return server.get(URI.create(server.at("logs") + query.toString()));
    }

    private static void add(StringJoiner query, String name, String value) {
        query.add(name + "=" + URLEncoder.encode(value, UTF_8));
    }

    /**
     * Prints what was not seen before.
     *
     * @return the ids of all that were found, for the next time
     */
    private Set<String> print(JsonNode answer, Set<String> seen) {
        var found = new HashSet<String>();
        var rows = new ArrayList<List<String>>();
        var fresh = new ArrayList<JsonNode>();
        for (var line : answer.path("logs")) {
            var id = line.path("id").asText();
            found.add(id);
            if (!seen.contains(id)) {
                fresh.addFirst(line);
                rows.addFirst(List.of(
                        line.path("timestamp").asText(),
                        line.path("level").asText(),
                        line.path("fnName").asText(),
                        line.path("fnVersion").asText(),
                        line.path("execId").asText(),
                        line.path("msg").asText()));
            }
        }
        if (follow) {
            output.printEach(fresh, rows);
        } else {
            output.print(answer, rows);
        }
        return found;
    }
}
