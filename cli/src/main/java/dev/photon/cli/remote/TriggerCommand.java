package dev.photon.cli.remote;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code faas remote trigger}: the topics that functions run for. */
@Command(
        name = "trigger",
        mixinStandardHelpOptions = true,
        description = "Works on the triggers of a region's functions.",
        subcommands = {
            TriggerCommand.ListAll.class,
            TriggerCommand.Pause.class,
            TriggerCommand.Resume.class,
            TriggerCommand.Seek.class
        })
final class TriggerCommand {

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists function, topic, version, state and how many records are not finished.")
    static final class ListAll extends RemoteCommand.Base {
        @Parameters(index = "0", arity = "0..1", description = "A function; those of all when left out")
        Optional<String> function = Optional.empty();

        @Override
        void run() throws IOException, InterruptedException {
            var triggers = server.get(
                    function.isPresent() ? server.at("function", function.get(), "triggers") : server.at("triggers"));
            var rows = new ArrayList<List<String>>();
            for (var trigger : triggers) {
                rows.add(List.of(
                        trigger.path("function").asText(),
                        trigger.path("topic").asText(),
                        trigger.path("version").asText(),
                        trigger.path("paused").asBoolean() ? "paused" : "running",
                        trigger.has("problem")
                                ? trigger.path("problem").asText()
                                : trigger.path("lag").asText()));
            }
            output.print(triggers, rows);
        }
    }

    /** Those that are about one trigger. */
    abstract static class OfTrigger extends RemoteCommand.Base {
        @Parameters(index = "0", description = "The function")
        String function;

        @Parameters(index = "1", description = "The topic")
        String topic;

        URI at(String what) throws IOException {
            return server.at("function", function, "trigger", topic, what);
        }
    }

    @Command(name = "pause", mixinStandardHelpOptions = true, description = "Reads nothing more of the topic.")
    static final class Pause extends OfTrigger {
        @Override
        void run() throws IOException, InterruptedException {
            output.print(server.post(at("pause"), JsonNodeFactory.instance.objectNode()));
        }
    }

    @Command(name = "resume", mixinStandardHelpOptions = true, description = "Reads the topic on.")
    static final class Resume extends OfTrigger {
        @Override
        void run() throws IOException, InterruptedException {
            output.print(server.post(at("resume"), JsonNodeFactory.instance.objectNode()));
        }
    }

    /** One of the two. */
    static final class Place {
        @Option(names = "--to", description = "earliest, latest, or a time such as 2026-01-31T12:00:00Z")
        Optional<String> to = Optional.empty();

        @Option(
                names = "--offset",
                paramLabel = "PARTITION=OFFSET",
                description = "An offset of one partition; may be repeated. The other partitions go on as they are, for"
                        + " which the trigger must be paused")
        Map<Integer, Long> offsets = Map.of();
    }

    @Command(
            name = "seek",
            mixinStandardHelpOptions = true,
            description = "Goes on from another place: what lies behind it runs, again if it ran before.")
    static final class Seek extends OfTrigger {
        @ArgGroup(multiplicity = "1")
        Place place;

        @Override
        void run() throws IOException, InterruptedException {
            var wish = JsonNodeFactory.instance.objectNode();
            place.to.ifPresent(to -> wish.put("to", to));
            if (!place.offsets.isEmpty()) {
                var offsets = wish.putObject("to");
                place.offsets.forEach((partition, offset) -> offsets.put(Integer.toString(partition), offset));
            }
            output.print(server.put(at("position"), wish));
        }
    }
}
