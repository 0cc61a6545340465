package dev.photon.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.photon.cli.RegionOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code faas remote}: what a region has, and how it is changed. */
@Command(
        name = "remote",
        description = "Works on the functions of a region.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused, or failed here",
            "2:the command line is wrong",
            "3:the region failed or cannot be reached",
            "4:there is no such function, version, alias or trigger"
        },
        subcommands = {
            RemoteCommand.Deploy.class,
            RemoteCommand.Execute.class,
            RemoteCommand.ListAll.class,
            RoutesCommand.class,
            RemoteCommand.Show.class,
            StatusCommand.class,
            RemoteCommand.Download.class,
            RemoteCommand.Delete.class,
            RemoteCommand.History.class,
            LogsCommand.class,
            DeadLettersCommand.class,
            ReplayCommand.class,
            RemoteCommand.Versions.class,
            AliasCommand.class,
            TriggerCommand.class,
            AliasCommand.Rollback.class
        })
public final class RemoteCommand {

    /** What all of them share. */
    abstract static class Base implements Callable<Integer> {
        @Mixin
        Server server;

        @Mixin
        Output output;

        @Override
        public Integer call() throws IOException, InterruptedException {
            run();
            return 0;
        }

        abstract void run() throws IOException, InterruptedException;
    }

    /** Those that are about one function. */
    abstract static class OfFunction extends Base {
        @Parameters(index = "0", arity = "0..1", description = "The function; that of this folder when left out")
        Optional<String> function = Optional.empty();

        String name() throws IOException {
            return FunctionFolder.nameOf(function);
        }
    }

    @Command(name = "deploy", mixinStandardHelpOptions = true, description = "Deploys what was built.")
    static final class Deploy extends OfFunction {
        @Option(names = "--file", description = "The module, when it is not <name>.wasm beside photoniq.toml")
        Optional<Path> file = Optional.empty();

        @ArgGroup(exclusive = false, heading = "Over Kafka, without HTTP and keys:%n")
        RegionOptions region = new RegionOptions();

        @Override
        void run() throws IOException, InterruptedException {
            var folder = FunctionFolder.find(Path.of(""), function);
            var deployment = folder.deployment(file, folder.toml());
            output.print(
                    region.namesBrokers()
                            ? deployment.to(new KafkaDeployment(region.config()))
                            : deployment.to(server));
        }
    }

    @Command(name = "execute", mixinStandardHelpOptions = true, description = "Calls a function and prints its answer.")
    static final class Execute extends OfFunction {
        @Parameters(index = "1", arity = "0..1", description = "A version or an alias; the latest when left out")
        Optional<String> version = Optional.empty();

        @Mixin
        CallOptions call;

        @Override
        void run() throws IOException, InterruptedException {
            var at = version.isPresent() ? server.at("execute", name(), version.get()) : server.at("execute", name());
            var request = HttpRequest.newBuilder(at).POST(HttpRequest.BodyPublishers.ofByteArray(call.body()));
            call.headers().forEach(header -> request.header(header.name(), header.value()));
            var answer = server.send(request);
            if (answer.headers().firstValue("content-type").equals(Optional.of("application/problem+json"))) {
                throw Server.failure(answer);
            }
            System.out.write(answer.body());
            System.out.flush();
            if (answer.statusCode() >= 400) {
                throw Server.failure(answer);
            }
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists all functions.")
    static final class ListAll extends Base {
        @Override
        void run() throws IOException, InterruptedException {
            var names = server.get(server.at("functions"));
            output.print(names, rows(names));
        }
    }

    @Command(name = "info", mixinStandardHelpOptions = true, description = "Tells about a version.")
    static final class Show extends OfVersion {
        @Override
        void run() throws IOException, InterruptedException {
            output.print(server.get(metadata()));
        }
    }

    /** Those that are about one version. */
    abstract static class OfVersion extends OfFunction {
        @Parameters(index = "1", arity = "0..1", description = "A version; the latest when left out")
        Optional<String> version = Optional.empty();

        URI download() throws IOException {
            return version.isPresent() ? server.at("download", name(), version.get()) : server.at("download", name());
        }

        URI metadata() throws IOException {
            return URI.create(download() + "?metaOnly=true");
        }
    }

    @Command(name = "download", mixinStandardHelpOptions = true, description = "Fetches a version's module.")
    static final class Download extends OfVersion {
        @Option(names = "--to", description = "The file to write (default: <name>.wasm, or <name>.js of a script)")
        Optional<Path> to = Optional.empty();

        @Override
        void run() throws IOException, InterruptedException {
            var name = name();
            server.download(download(), script -> to.orElseGet(() -> Path.of(name + (script ? ".js" : ".wasm"))));
        }
    }

    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Deletes a version, or all of a function.")
    static final class Delete extends OfFunction {
        @Parameters(index = "1", arity = "0..1", description = "A version; all, and the aliases, when left out")
        Optional<String> version = Optional.empty();

        @Option(names = "--force", description = "Takes the version from the aliases that use it")
        boolean force;

        @Override
        void run() throws IOException, InterruptedException {
            var at = version.isPresent() ? server.at("function", name(), version.get()) : server.at("function", name());
            output.print(server.delete(URI.create(at + (force ? "?force=true" : ""))));
        }
    }

    @Command(name = "history", mixinStandardHelpOptions = true, description = "Tells what changed about a function.")
    static final class History extends OfFunction {
        @Override
        void run() throws IOException, InterruptedException {
            var history = server.get(server.at("function", name(), "history"));
            var rows = new ArrayList<List<String>>();
            for (var change : history) {
                rows.add(List.of(
                        change.path("at").asText(),
                        change.path("by").asText(),
                        change.path("action").asText(),
                        change.path("subject").asText(),
                        AliasCommand.words(change.path("versions"))));
            }
            output.print(history, rows);
        }
    }

    @Command(
            name = "version",
            mixinStandardHelpOptions = true,
            description = "Works on versions.",
            subcommands = Versions.ListOne.class)
    static final class Versions {
        @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists a function's versions.")
        static final class ListOne extends OfFunction {
            @Override
            void run() throws IOException, InterruptedException {
                var versions = server.get(server.at("function", name(), "versions"));
                output.print(versions, rows(versions));
            }
        }
    }

    private static List<List<String>> rows(JsonNode names) {
        var rows = new ArrayList<List<String>>();
        names.forEach(name -> rows.add(List.of(name.asText())));
        return rows;
    }
}
