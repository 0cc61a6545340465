package dev.photon.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code faas entry}: the topics through which publishers call functions. */
@Command(
        name = "entry",
        mixinStandardHelpOptions = true,
        description = "Works on the entry topics of a region: photon.in.<name>, by which publishers call functions.",
        subcommands = {EntryCommand.Create.class, EntryCommand.ListAll.class, EntryCommand.Delete.class})
public final class EntryCommand {

    /** One of the two. */
    static final class Functions {
        @Option(names = "--function", paramLabel = "NAME", description = "One that may be called; may be repeated")
        List<String> names = List.of();

        @Option(names = "--all-functions", description = "All may be called")
        boolean all;
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description =
                    "Declares an entry topic, and makes the topic unless it is there. One that is declared already"
                            + " allows from then on what is said now.")
    static final class Create extends RemoteCommand.Base {
        @Parameters(index = "0", description = "The name, which follows photon.in.")
        String name;

        @ArgGroup(multiplicity = "1")
        Functions functions;

        @Option(
                names = "--reply-topic",
                paramLabel = "TOPIC",
                description = "Where answers may go; may be repeated. Without it, nowhere")
        List<String> replyTopics = List.of();

        @Option(
                names = "--deadline-ms",
                description = "After which a record is not run any more, and how long one may ask for at most")
        Optional<Integer> deadlineMillis = Optional.empty();

        @Option(names = "--rate", description = "Records in a second; what is beyond waits in the topic")
        Optional<Integer> rate = Optional.empty();

        @Option(names = "--burst", description = "Records at once, when few came before (default: those of a second)")
        Optional<Integer> burst = Optional.empty();

        @Option(names = "--partitions", description = "Of the topic, if it is made (default: PHOTON_PARTITIONS)")
        Optional<Integer> partitions = Optional.empty();

        @Option(names = "--retention-hours", description = "Of the topic, if it is made, 1 to 168 (default: 24)")
        Optional<Integer> retentionHours = Optional.empty();

        @Option(
                names = "--start",
                description = "Where a topic that is there is read from: latest, earliest, or a time such as"
                        + " 2026-01-31T12:00:00Z (default: latest)")
        Optional<String> start = Optional.empty();

        @Override
        void run() throws IOException, InterruptedException {
            var wish = JsonNodeFactory.instance.objectNode();
            var called = wish.putArray("functions");
            if (functions.all) {
                called.add("*");
            }
            functions.names.forEach(called::add);
            replyTopics.forEach(wish.putArray("replyTopics")::add);
            deadlineMillis.ifPresent(millis -> wish.put("deadlineMillis", millis));
            rate.ifPresent(records -> wish.put("rate", records));
            burst.ifPresent(records -> wish.put("burst", records));
            partitions.ifPresent(count -> wish.put("partitions", count));
            retentionHours.ifPresent(hours -> wish.put("retentionHours", hours));
            start.ifPresent(from -> wish.put("start", from));
            output.print(server.put(server.at("entries", name), wish));
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists topic, state, functions, reply topics, rate and deadline.")
    static final class ListAll extends RemoteCommand.Base {
        @Override
        void run() throws IOException, InterruptedException {
            var entries = server.get(server.at("entries"));
            var rows = new ArrayList<List<String>>();
            for (var entry : entries) {
                rows.add(List.of(
                        entry.path("topic").asText(),
                        entry.path("state").asText(),
                        names(entry.path("functions")),
                        names(entry.path("replyTopics")),
                        entry.has("rate")
                                ? "%s/s, %s at once"
                                        .formatted(
                                                entry.path("rate").asText(),
                                                entry.path("burst").asText())
                                : "any rate",
                        entry.has("deadlineMillis")
                                ? entry.path("deadlineMillis").asText() + " ms"
                                : "any deadline"));
            }
            output.print(entries, rows);
        }

        private static String names(JsonNode names) {
            var joined = new StringJoiner(",");
            names.forEach(name -> joined.add(name.asText()));
            return joined.length() == 0 ? "-" : joined.toString();
        }
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Runs nothing more that is published to it. The topic stays, with what stands in it.")
    static final class Delete extends RemoteCommand.Base {
        @Parameters(index = "0", description = "The name, which follows photon.in.")
        String name;

        @Option(names = "--purge", description = "Deletes the topic, too, with what has not run")
        boolean purge;

        @Override
        void run() throws IOException, InterruptedException {
            var at = server.at("entries", name);
            output.print(server.delete(purge ? URI.create(at + "?purge=true") : at));
        }
    }
}
