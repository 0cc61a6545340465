package dev.photon.cli.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code faas secret}: values that functions get and nobody can read back. */
@Command(
        name = "secret",
        mixinStandardHelpOptions = true,
        description = "Works on the secrets of a region.",
        subcommands = {SecretCommand.Set.class, SecretCommand.ListAll.class, SecretCommand.Delete.class})
public final class SecretCommand {

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description =
                    "Sets a secret to what is typed or piped in, without the end of its last line. Functions have it"
                            + " in their environment by NAME = { secret = \"name\" } in env_vars.")
    static final class Set extends RemoteCommand.Base {
        @Parameters(index = "0", description = "The secret's name")
        String name;

        @Option(names = "--file", description = "A file with the value, which is taken as it is")
        Optional<Path> file = Optional.empty();

        @Override
        void run() throws IOException, InterruptedException {
            output.print(server.put(server.at("secrets", name), value()));
        }

        private byte[] value() throws IOException {
            if (file.isPresent()) {
                return Files.readAllBytes(file.get());
            }
            if (Terminal.isThere()) {
                var typed = System.console().readPassword("Value of %s: ", name);
                if (typed == null) {
                    throw new RemoteFailure(RemoteFailure.REFUSED, "no value was typed");
                }
                return new String(typed).getBytes(UTF_8);
            }
            return withoutLineEnd(System.in.readAllBytes());
        }

        private static byte[] withoutLineEnd(byte[] piped) {
            var length = piped.length;
            if (length > 0 && piped[length - 1] == '\n') {
                length -= length > 1 && piped[length - 2] == '\r' ? 2 : 1;
            }
            return Arrays.copyOf(piped, length);
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists all secrets, without their values.")
    static final class ListAll extends RemoteCommand.Base {
        @Override
        void run() throws IOException, InterruptedException {
            var secrets = server.get(server.at("secrets"));
            var rows = new ArrayList<List<String>>();
            for (var secret : secrets) {
                rows.add(List.of(
                        secret.path("name").asText(), secret.path("updatedAt").asText()));
            }
            output.print(secrets, rows);
        }
    }

    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Deletes a secret.")
    static final class Delete extends RemoteCommand.Base {
        @Parameters(index = "0", description = "The secret's name")
        String name;

        @Option(names = "--force", description = "Also when a version uses it, whose calls will fail")
        boolean force;

        @Override
        void run() throws IOException, InterruptedException {
            var at = server.at("secrets", name);
            output.print(server.delete(force ? URI.create(at + "?force=true") : at));
        }
    }
}
