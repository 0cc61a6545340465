package dev.photon.registry;

import dev.photon.protocol.Command;
import dev.photon.protocol.ErrorKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Decides on content that versions of other regions need here. Confined to the registry's thread. */
final class ContentDecider {
    private final FunctionView view;
    private final Contents contents;
    private final TriggerDecider triggers;

    ContentDecider(FunctionView view, Contents contents, TriggerDecider triggers) {
        this.view = view;
        this.contents = contents;
        this.triggers = triggers;
    }

    Verdict place(Command.Place place) throws Refused, IOException, InterruptedException {
        var digest = place.content().digest();
        var users = view.with(digest).stream().map(Manifest::name).collect(Collectors.toSet());
        if (users.isEmpty()) {
            throw new Refused(ErrorKind.NOT_FOUND, "no version needs the content " + digest);
        }
        var states = new ArrayList<State>(List.of(new State.Placed(placed(place.content()))));
        if (view.condemned(digest).isPresent()) {
            states.add(new State.NoCondemnation(digest));
        }
        states.addAll(triggers.followingAsFarAsPossible(users.stream()
                .collect(Collectors.toMap(Function.identity(), user -> triggers.rules(view.latest(user))))));
        return new Verdict.Accepted(digest.toString(), states);
    }

    private Artifact placed(Command.Content.Uploaded content) throws Refused, IOException, InterruptedException {
        var here = view.local(content.digest());
        if (here.isPresent()) {
            return here.get();
        }
        try (var file = contents.uploads().collect(content)) {
            return contents.artifacts().place(file.content());
        }
    }
}
