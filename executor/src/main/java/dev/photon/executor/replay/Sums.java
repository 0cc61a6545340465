package dev.photon.executor.replay;

import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;

/** What a replay has come to so far. Confined to a thread. */
final class Sums {
    private final Map<Finding.Kind, Long> ran = new EnumMap<>(Finding.Kind.class);
    private final Durations baseline = new Durations();
    private final Durations candidate = new Durations();
    private long looked;
    private long records;
    private long malformed;
    private long notRetained;
    private long noBaseline;
    private long notRun;
    private String notRunReason = "";
    private long unlisted;
    private long baselineErrors;
    private long candidateErrors;

    /** An offset more was looked at. */
    void looked() {
        looked++;
    }

    void unlisted() {
        unlisted++;
    }

    void add(Finding finding) {
        records++;
        switch (finding) {
            case Finding.Malformed odd -> malformed++;
            case Finding.NotRetained gone -> notRetained++;
            case Finding.NoBaseline gone -> noBaseline++;
            case Finding.NotRun failed -> {
                notRun++;
                notRunReason = Excerpts.message(failed.reason());
            }
            case Finding.Ran both -> add(both);
        }
    }

    private void add(Finding.Ran both) {
        ran.merge(both.kind(), 1L, Long::sum);
        baseline.add(both.baseline().micros());
        candidate.add(both.candidate().micros());
        baselineErrors += both.baseline().isError() ? 1 : 0;
        candidateErrors += both.candidate().isError() ? 1 : 0;
    }

    private long count(Finding.Kind kind) {
        return ran.getOrDefault(kind, 0L);
    }

    JsonObject progress() {
        return new JsonObject()
                .put("looked", looked)
                .put("records", records)
                .put("different", count(Finding.Kind.DIFFERENT));
    }

    JsonObject json() {
        var json = new JsonObject()
                .put("records", records)
                .put("same", count(Finding.Kind.SAME))
                .put("different", count(Finding.Kind.DIFFERENT))
                .put("unstable", count(Finding.Kind.UNSTABLE))
                .put("called", count(Finding.Kind.CALLED))
                .put("notRetained", notRetained)
                .put("noBaseline", noBaseline)
                .put("notRun", notRun)
                .put("malformed", malformed)
                .put("unlisted", unlisted)
                .put("errors", pair(baselineErrors, candidateErrors))
                .put("micros", pair(baseline.json(), candidate.json()));
        return notRun == 0 ? json : json.put("notRunReason", notRunReason);
    }

    private static JsonObject pair(Object baseline, Object candidate) {
        return new JsonObject().put("baseline", baseline).put("candidate", candidate);
    }
}
