package dev.photon.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Prints a replay's report while it comes, and holds none of it. */
final class ReplayPrinter {
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int DIGEST_CHARACTERS = "sha256:".length() + 12;
    private static final List<String> COUNTS = List.of(
            "records",
            "same",
            "different",
            "unstable",
            "called",
            "noBaseline",
            "notRetained",
            "notRun",
            "malformed",
            "unlisted",
            "published",
            "removed");

    private static final List<String> COMPARED = List.of("same", "different", "unstable");
    private static final List<String> NOT_COMPARED = List.of("called", "noBaseline", "notRetained", "malformed");

    private final Output output;
    private long told = System.nanoTime();
    private boolean differs;

    ReplayPrinter(Output output) {
        this.output = output;
    }

    /** Whether a record did; known when the report has ended. */
    boolean differs() {
        return differs;
    }

    /**
     * Takes the next line of the report.
     *
     * @return whether it was the last
     * @throws RemoteFailure when it says that the report is not complete, that not all could be run, or that nothing was compared
     */
    boolean take(JsonNode line) throws RemoteFailure {
        switch (line.path("type").asText()) {
            case "started" -> output.printEach(List.of(line), List.of(List.of(started(line))));
            case "different", "called" -> output.printEach(List.of(line), record(line));
            case "progress" -> progress(line);
            case "summary" -> {
                output.printEach(List.of(line), summary(line));
                finish(line);
                return true;
            }
            case "failed" -> {
                output.printEach(List.of(line), summary(line));
                throw new RemoteFailure(
                        RemoteFailure.UNAVAILABLE,
                        "the replay ended early: " + line.path("detail").asText());
            }
            default -> {
                // A newer region tells more.
            }
        }
        return false;
    }

    private static String started(JsonNode line) {
        return "%s: %s against %s, %s to %s, %s"
                .formatted(
                        line.path("function").asText(),
                        line.path("candidate").asText(),
                        line.path("baseline").asText(),
                        line.path("from").asText(),
                        line.path("to").asText(),
                        line.path("sink").asText());
    }

    private static List<List<String>> record(JsonNode line) {
        var place = "%s/%s/%s"
                .formatted(
                        line.path("topic").asText(),
                        line.path("partition").asText(),
                        line.path("offset").asText());
        var called = line.path("type").asText().equals("called") ? "calls others, not compared" : "differs";
        var words = new ArrayList<String>();
        line.path("differences").forEach(word -> words.add(word.asText()));
        return List.of(
                List.of(place, line.path("key").asText(), called + (words.isEmpty() ? "" : ": " + words)),
                observed("  baseline", line.path("baseline")),
                observed("  candidate", line.path("candidate")));
    }

    private static List<String> observed(String who, JsonNode observed) {
        var said = observed.has("error")
                ? observed.path("error").asText() + ": "
                        + observed.path("message").asText()
                : "%s, %s bytes, %s: %s"
                        .formatted(
                                observed.path("status").asText(),
                                observed.path("size").asText(),
                                shortened(observed.path("digest").asText()),
                                observed.path("excerpt").asText());
        return List.of(who, millis(observed.path("micros")), said.replace('\n', ' '));
    }

    private static String shortened(String digest) {
        return digest.substring(0, Math.min(digest.length(), DIGEST_CHARACTERS));
    }

    private static String millis(JsonNode micros) {
        return String.format(Locale.ROOT, "%.1f ms", micros.asLong() / 1_000.0);
    }

    private void progress(JsonNode line) {
        if (output.form == Output.Form.TABLE && System.nanoTime() - told > PROGRESS_NANOS) {
            told = System.nanoTime();
            output.note("%s of %s offsets looked at, %s records, %s differ"
                    .formatted(
                            line.path("looked").asText(),
                            line.path("offsets").asText(),
                            line.path("records").asText(),
                            line.path("different").asText()));
        }
    }

    private static List<List<String>> summary(JsonNode line) {
        var rows = new ArrayList<List<String>>();
        for (var name : COUNTS) {
            if (line.path(name).asLong() > 0 || name.equals("records") || name.equals("different")) {
                rows.add(List.of(name, line.path(name).asText()));
            }
        }
        for (var version : List.of("baseline", "candidate")) {
            var micros = line.path("micros").path(version);
            rows.add(List.of(
                    version,
                    "%s errors, mean %s, p50 %s, p95 %s, p99 %s, max %s"
                            .formatted(
                                    line.path("errors").path(version).asText(),
                                    millis(micros.path("mean")),
                                    millis(micros.path("p50")),
                                    millis(micros.path("p95")),
                                    millis(micros.path("p99")),
                                    millis(micros.path("max")))));
        }
        return rows;
    }

    private void finish(JsonNode line) throws RemoteFailure {
        differs = line.path("different").asLong() > 0;
        if (line.path("removed").asLong() > 0) {
            output.note("up to " + line.path("removed").asText()
                    + " earlier records of the topics are removed by their retention");
        }
        if (!differs && line.path("notRun").asLong() > 0) {
            throw new RemoteFailure(
                    RemoteFailure.UNAVAILABLE,
                    line.path("notRun").asText() + " records could not be run: "
                            + line.path("notRunReason").asText());
        }
        if (sum(line, COMPARED) == 0) {
            throw new RemoteFailure(RemoteFailure.UNAVAILABLE, "nothing was compared: " + notCompared(line));
        }
    }

    private static long sum(JsonNode line, List<String> names) {
        return names.stream().mapToLong(name -> line.path(name).asLong()).sum();
    }

    private static String notCompared(JsonNode line) {
        var counts = NOT_COMPARED.stream()
                .filter(name -> line.path(name).asLong() > 0)
                .map(name -> line.path(name).asText() + " " + name)
                .toList();
        return counts.isEmpty() ? "there are no such records" : String.join(", ", counts);
    }
}
