package dev.photon.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command says what it found: columns for a person, JSON for a program. */
public final class Output {
    enum Form {
        TABLE,
        JSON
    }

    @Option(names = "--output", defaultValue = "table", description = "table or json (default: table)")
    Form form;

    @Spec(Spec.Target.MIXEE)
    CommandSpec command;

    /** The server's answer as it is, or the rows. */
    public void print(JsonNode answer, List<List<String>> rows) {
        var out = command.commandLine().getOut();
        switch (form) {
            case JSON -> out.println(answer.toPrettyString());
            case TABLE -> table(out, rows);
        }
        out.flush();
    }

    /** Beside what was found. */
    void note(String sentence) {
        var out = command.commandLine().getErr();
        out.println(sentence);
        out.flush();
    }

    /** Each by itself, on a line of its own. */
    void printEach(List<? extends JsonNode> items, List<List<String>> rows) {
        var out = command.commandLine().getOut();
        switch (form) {
            case JSON -> items.forEach(item -> out.println(item.toString()));
            case TABLE -> table(out, rows);
        }
        out.flush();
    }

    /**
     * An object's fields, one to a row.
     *
     * @throws RemoteFailure when it says that nothing is known yet
     */
    public void print(JsonNode object) throws RemoteFailure {
        var rows = new ArrayList<List<String>>();
        object.properties().forEach(field -> rows.add(List.of(field.getKey(), text(field.getValue()))));
        print(object, rows);
        if (object.path("status").asText().equals("pending")) {
            throw new RemoteFailure(RemoteFailure.UNAVAILABLE, "the registry has not decided yet, and may still");
        }
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    private static void table(PrintWriter out, List<List<String>> rows) {
        for (var row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                var cell = Printable.of(row.get(column));
                line.append(cell);
                if (column < row.size() - 1) {
                    line.repeat(' ', width(rows, column) - cell.length() + 2);
                }
            }
            out.println(line);
        }
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream()
                .filter(row -> column < row.size())
                .mapToInt(row -> row.get(column).length())
                .max()
                .orElse(0);
    }
}
