package dev.photon.cli.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.photon.cli.remote.FunctionFolder;
import dev.photon.cli.remote.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code faas list}: the functions here. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the functions of this folder.")
public final class ListCommand implements Callable<Integer> {
    @Mixin
    Output output;

    @Override
    public Integer call() throws IOException {
        var answer = JsonNodeFactory.instance.arrayNode();
        var rows = new ArrayList<List<String>>();
        for (var function : FunctionFolder.all(Path.of(""))) {
            var state = Files.exists(function.file()) ? "built" : "not built";
            var folder = function.folder().toAbsolutePath().normalize().toString();
            answer.addObject().put("name", function.name()).put("status", state).put("folder", folder);
            rows.add(List.of(function.name(), state));
        }
        output.print(answer, rows);
        return 0;
    }
}
