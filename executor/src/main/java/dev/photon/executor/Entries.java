package dev.photon.executor;

import dev.photon.registry.EntryTopic;
import dev.photon.registry.FunctionView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/** Has a consumer for each entry topic that is declared, as the view says. Thread-safe. */
final class Entries implements AutoCloseable {
    private final FunctionView view;
    private final RunningEntry.Parts parts;
    private final Admin admin;
    private final Following<EntryTopic, RunningEntry> following;

    Entries(FunctionView view, RunningEntry.Parts parts) {
        this.view = view;
        this.parts = parts;
        this.admin = parts.region().kafka().admin();
        this.following = new Following<>("entry", view, this::wanted, entry -> new RunningEntry(parts, admin, entry));
    }

    void start() {
        following.start();
    }

    /** What a setting opens is consumed as such. */
    private Map<String, EntryTopic> wanted() {
        return view.entries().stream()
                .filter(entry -> !parts.region().plan().entries().contains(entry.name()))
                .collect(Collectors.toMap(EntryTopic::name, entry -> entry));
    }

    /** Those that consume, as they are at any moment. */
    List<RecordLoop> loops() {
        return following.open().stream()
                .flatMap(entry -> entry.loops().stream())
                .toList();
    }

    /** Lets all of them drain and leave, at the same time. Blocks. */
    @Override
    public void close() {
        following.close();
        admin.close(Duration.ZERO);
    }
}
