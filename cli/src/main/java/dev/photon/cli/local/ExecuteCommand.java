package dev.photon.cli.local;

import dev.photon.cli.remote.CallOptions;
import dev.photon.cli.remote.FunctionFolder;
import dev.photon.cli.remote.RemoteFailure;
import dev.photon.protocol.Reply;
import dev.photon.registry.FunctionSettings;
import dev.photon.registry.InvalidModule;
import java.io.IOException;
import java.nio.file.Files;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code faas execute}: calls what was built, without any region. Its exit codes are those of a call of a region. */
@Command(
        name = "execute",
        mixinStandardHelpOptions = true,
        description = "Calls what was built, in this process, and prints its answer; its log goes to standard error.")
public final class ExecuteCommand extends FunctionCommand {
    @Mixin
    CallOptions call;

    @Override
    void run(FunctionFolder function) throws IOException {
        var settings = FunctionSettings.read(function.toml());
        if (!Files.exists(function.file())) {
            throw new IOException("there is no " + function.file() + ": faas build makes it");
        }
        LocalModule.check(function.file(), settings);
        switch (outcome(new LocalRun(settings, function.file()))) {
            case Reply.Answer answer -> print(answer);
            case Reply.Begun begun -> throw new IOException("the answer is not all there");
            case Reply.Failure failure ->
                throw RemoteFailure.ofStatus(failure.kind().status(), failure.message());
        }
    }

    private Reply.Outcome outcome(LocalRun run) throws IOException {
        try {
            return run.post(
                    call.headers(),
                    call.body(),
                    new TerminalLog(command.commandLine().getErr()));
        } catch (InvalidModule e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void print(Reply.Answer answer) throws IOException {
        System.out.write(answer.body());
        System.out.flush();
        if (answer.status() >= 400) {
            throw RemoteFailure.ofStatus(answer.status(), "the function answered " + answer.status());
        }
    }
}
