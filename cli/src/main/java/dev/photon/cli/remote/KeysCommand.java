package dev.photon.cli.remote;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code faas keys}: who may do what in a region. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Works on the keys of a region.",
        subcommands = {KeysCommand.Create.class, KeysCommand.ListAll.class, KeysCommand.Revoke.class})
public final class KeysCommand {

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Makes a key and prints it, this once.")
    static final class Create extends RemoteCommand.Base {
        @Option(names = "--role", required = true, description = "admin, deploy, invoke or read; may be repeated")
        List<String> roles;

        @Option(names = "--label", defaultValue = "", description = "What it is for")
        String label;

        @Override
        void run() throws IOException, InterruptedException {
            var wish = JsonNodeFactory.instance.objectNode().put("label", label);
            roles.forEach(wish.putArray("roles")::add);
            output.print(server.post(server.at("keys"), wish));
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists all keys, without their secrets.")
    static final class ListAll extends RemoteCommand.Base {
        @Override
        void run() throws IOException, InterruptedException {
            var keys = server.get(server.at("keys"));
            var rows = new ArrayList<List<String>>();
            for (var key : keys) {
                var roles = new StringJoiner(",");
                key.path("roles").forEach(role -> roles.add(role.asText()));
                rows.add(List.of(
                        key.path("id").asText(),
                        roles.toString(),
                        key.path("createdAt").asText(),
                        key.path("label").asText()));
            }
            output.print(keys, rows);
        }
    }

    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Ends a key.")
    static final class Revoke extends RemoteCommand.Base {
        @Parameters(index = "0", description = "The key's id")
        String id;

        @Override
        void run() throws IOException, InterruptedException {
            output.print(server.delete(server.at("keys", id)));
        }
    }
}
