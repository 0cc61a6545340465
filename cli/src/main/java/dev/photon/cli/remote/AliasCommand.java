package dev.photon.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code faas remote alias}: names for versions. */
@Command(
        name = "alias",
        mixinStandardHelpOptions = true,
        description = "Works on aliases.",
        subcommands = {
            AliasCommand.ListAll.class,
            AliasCommand.Show.class,
            AliasCommand.Update.class,
            AliasCommand.Delete.class
        })
final class AliasCommand {

    /** {@code 1.0.0=9 1.1.0=1}. */
    static String words(JsonNode targets) {
        var words = new StringJoiner(" ");
        targets.forEach(target -> words.add(
                target.path("version").asText() + "=" + target.path("weight").asText()));
        return words.toString();
    }

    /** Those that are about one alias. */
    abstract static class OfAlias extends RemoteCommand.Base {
        @Parameters(index = "0", description = "The function")
        String function;

        @Parameters(index = "1", description = "The alias")
        String alias;

        void print(JsonNode targets) {
            var rows = new ArrayList<List<String>>();
            targets.forEach(target -> rows.add(List.of(
                    target.path("version").asText(), target.path("weight").asText())));
            output.print(targets, rows);
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists a function's aliases.")
    static final class ListAll extends RemoteCommand.OfFunction {
        @Override
        void run() throws IOException, InterruptedException {
            var aliases = server.get(server.at("function", name(), "aliases"));
            var rows = new ArrayList<List<String>>();
            aliases.forEach(alias -> rows.add(List.of(alias.path("name").asText(), words(alias.path("versions")))));
            output.print(aliases, rows);
        }
    }

    @Command(name = "info", mixinStandardHelpOptions = true, description = "Tells what an alias stands for.")
    static final class Show extends OfAlias {
        @Override
        void run() throws IOException, InterruptedException {
            print(server.get(server.at("function", function, "alias", alias)));
        }
    }

    /** One version and its weight. */
    static final class Share {
        @Option(names = "--version", required = true, description = "A version")
        String version;

        @Option(names = "--weight", required = true, description = "Its share, relative to the others'")
        double weight;
    }

    @Command(name = "update", description = "Says what an alias stands for.")
    static final class Update extends OfAlias {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help message and exit.")
        boolean help;

        @ArgGroup(exclusive = false, multiplicity = "1..*")
        List<Share> shares;

        @Override
        void run() throws IOException, InterruptedException {
            var targets = JsonNodeFactory.instance.arrayNode();
            shares.forEach(
                    share -> targets.addObject().put("version", share.version).put("weight", share.weight));
            output.print(server.put(server.at("function", function, "alias", alias), targets));
        }
    }

    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Deletes an alias, not its versions.")
    static final class Delete extends OfAlias {
        @Override
        void run() throws IOException, InterruptedException {
            output.print(server.delete(server.at("function", function, "alias", alias)));
        }
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description = "Makes an alias stand for what it stood for before its last change.")
    static final class Rollback extends OfAlias {
        @Override
        void run() throws IOException, InterruptedException {
            var now = server.get(server.at("function", function, "alias", alias));
            var before = before(server.get(server.at("function", function, "history")), now)
                    .orElseThrow(() -> new RemoteFailure(
                            RemoteFailure.REFUSED, "the alias '" + alias + "' never stood for anything else"));
            server.put(server.at("function", function, "alias", alias), before);
            print(before);
        }

        /** The last that the alias was set to and that is not what it stands for now. */
        private Optional<JsonNode> before(JsonNode history, JsonNode now) {
            Optional<JsonNode> found = Optional.empty();
            for (var change : history) {
                var set = change.path("action").asText().equals("alias-set")
                        && change.path("subject").asText().equals(alias);
                if (set && !change.path("versions").equals(now)) {
                    found = Optional.of(change.path("versions"));
                }
            }
            return found;
        }
    }
}
