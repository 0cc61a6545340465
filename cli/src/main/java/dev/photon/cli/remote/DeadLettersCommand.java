package dev.photon.cli.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code faas remote dlq}: the records of which triggers' functions made nothing. */
@Command(
        name = "dlq",
        mixinStandardHelpOptions = true,
        description = "Works on dead letters: records of which a trigger's function made nothing.",
        subcommands = {
            DeadLettersCommand.ListSome.class,
            DeadLettersCommand.Show.class,
            DeadLettersCommand.Redrive.class,
            DeadLettersCommand.Drop.class
        })
final class DeadLettersCommand {
    private static final String PATH = "dead-letters";
    private static final int PAGE = 1_000;
    private static final String TOO_MANY = "the dead letters are too many to be read in time: some may be left out";

    /**
     * A page of them.
     *
     * @param after where the page before ended
     * @param until the first page's time: what fails again later is on no page
     */
    private record Place(int limit, Optional<String> after, Optional<String> until) {}

    /** Which of them. */
    private static URI query(URI at, Optional<String> topic, Place page) {
        var query = new StringJoiner("&", "?", "");
        query.add("limit=" + page.limit());
        topic.ifPresent(name -> query.add("topic=" + URLEncoder.encode(name, UTF_8)));
        page.after().ifPresent(place -> query.add("after=" + URLEncoder.encode(place, UTF_8)));
        page.until().ifPresent(time -> query.add("until=" + URLEncoder.encode(time, UTF_8)));
        return URI.create(at + query.toString());
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists dead letters, the newest first.")
    static final class ListSome extends RemoteCommand.Base {
        @Parameters(index = "0", arity = "0..1", description = "A function; all when left out")
        Optional<String> function = Optional.empty();

        @Option(names = "--topic", description = "Of records of one topic")
        Optional<String> topic = Optional.empty();

        @Option(names = "--limit", defaultValue = "100", description = "The most, up to 1000 (default: 100)")
        int limit;

        @Option(names = "--after", description = "What a list before said where it ended")
        Optional<String> after = Optional.empty();

        @Override
        void run() throws IOException, InterruptedException {
            var at = query(server.at(PATH), topic, new Place(limit, after, Optional.empty()))
                    + function.map(name -> "&functionName=" + URLEncoder.encode(name, UTF_8))
                            .orElse("");
            var page = server.get(URI.create(at));
            var rows = new ArrayList<List<String>>();
            for (var letter : page.path("deadLetters")) {
                rows.add(List.of(
                        letter.path("id").asText(),
                        letter.path("failedAt").asText(),
                        letter.path("version").asText(),
                        letter.path("attempts").asText(),
                        letter.path("error").asText(),
                        letter.path("message").asText()));
            }
            output.print(page, rows);
            if (page.has("next")) {
                output.note("there are more: --after " + page.path("next").asText());
            }
            requireComplete(page);
        }
    }

    private static void requireComplete(JsonNode answer) throws RemoteFailure {
        if (!answer.path("complete").asBoolean()) {
            throw new RemoteFailure(RemoteFailure.UNAVAILABLE, TOO_MANY);
        }
    }

    private static URI one(Server server, String id) throws IOException {
        var parts = id.split("/", -1);
        if (parts.length != 4) {
            throw new RemoteFailure(
                    RemoteFailure.REFUSED, "a dead letter's id is <function>/<topic>/<partition>/<offset>");
        }
        return server.at(PATH, parts[0], parts[1], parts[2], parts[3]);
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows a dead letter, its record included.")
    static final class Show extends RemoteCommand.Base {
        @Parameters(index = "0", description = "Its id, as it is listed")
        String id;

        @Override
        void run() throws IOException, InterruptedException {
            var letter = server.get(one(server, id));
            var rows = new ArrayList<List<String>>();
            letter.properties().forEach(field -> {
                switch (field.getKey()) {
                    case "headers" ->
                        field.getValue()
                                .forEach(header -> rows.add(
                                        List.of("header " + header.path("name").asText(), content(header))));
                    case "key", "value" -> rows.add(List.of(field.getKey(), content(field.getValue())));
                    default -> rows.add(List.of(field.getKey(), field.getValue().asText()));
                }
            });
            output.print(letter, rows);
        }

        /** What it says, or the bytes when that is no text. */
        private static String content(JsonNode content) {
            return content.has("text")
                    ? content.path("text").asText()
                    : content.path("base64").asText();
        }
    }

    /** Those that change one, or all of a function. */
    abstract static class Change extends RemoteCommand.Base {
        @Parameters(index = "0", description = "An id, as it is listed, or with --all a function")
        String which;

        @Option(names = "--all", description = "All of the function's")
        boolean all;

        @Option(names = "--topic", description = "With --all: of records of one topic")
        Optional<String> topic = Optional.empty();

        @Option(names = "--limit", description = "With --all: the most, the oldest first")
        Optional<Integer> limit = Optional.empty();

        @Override
        void run() throws IOException, InterruptedException {
            if (!all) {
                output.print(change(one(server, which)));
                return;
            }
            var left = limit.orElse(Integer.MAX_VALUE);
            if (left < 1) {
                throw new RemoteFailure(RemoteFailure.REFUSED, "--limit is at least 1");
            }
            var sums = JsonNodeFactory.instance.objectNode();
            var after = Optional.<String>empty();
            var until = Optional.<String>empty();
            do {
                var page = Math.min(left, PAGE);
                var answer = changeAll(query(all(server.at(PATH, which)), topic, new Place(page, after, until)));
                add(sums, answer);
                requireComplete(answer, sums);
                left -= page;
                after = Optional.ofNullable(answer.get("next")).map(JsonNode::asText);
                until = Optional.ofNullable(answer.get("until")).map(JsonNode::asText);
            } while (after.isPresent() && left > 0);
            output.print(sums);
        }

        private void requireComplete(JsonNode answer, JsonNode sums) throws RemoteFailure {
            if (!answer.path("complete").asBoolean()) {
                output.print(sums);
                DeadLettersCommand.requireComplete(answer);
            }
        }

        private static void add(ObjectNode sums, JsonNode answer) {
            answer.properties().stream()
                    .filter(field -> field.getValue().isInt())
                    .forEach(field -> sums.put(
                            field.getKey(),
                            sums.path(field.getKey()).asInt() + field.getValue().asInt()));
        }

        abstract JsonNode change(URI letter) throws IOException, InterruptedException;

        /** Where those of a function are changed. */
        abstract URI all(URI function);

        abstract JsonNode changeAll(URI page) throws IOException, InterruptedException;
    }

    @Command(
            name = "redrive",
            mixinStandardHelpOptions = true,
            description = "Gives a function the record of a dead letter again, or those of all. A dead letter stays"
                    + " until that has gone well.")
    static final class Redrive extends Change {
        @Override
        JsonNode change(URI letter) throws IOException, InterruptedException {
            return server.post(URI.create(letter + "/redrive"));
        }

        @Override
        URI all(URI function) {
            return URI.create(function + "/redrive");
        }

        @Override
        JsonNode changeAll(URI page) throws IOException, InterruptedException {
            return server.post(page);
        }
    }

    @Command(name = "drop", mixinStandardHelpOptions = true, description = "Drops a dead letter, or all of a function.")
    static final class Drop extends Change {
        @Override
        JsonNode change(URI letter) throws IOException, InterruptedException {
            return server.delete(letter);
        }

        @Override
        URI all(URI function) {
            return function;
        }

        @Override
        JsonNode changeAll(URI page) throws IOException, InterruptedException {
            return server.delete(page);
        }
    }
}
