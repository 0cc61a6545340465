package dev.photon.executor.wasm;

import dev.photon.protocol.Emission;
import dev.photon.protocol.ErrorKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps the events of runs, and says how often they were published. For one run after the other. */
final class TestingEvents implements EventSink {
    private final List<Emission> taken = new ArrayList<>();
    private Optional<Refusal> refusal = Optional.empty();
    private Optional<String> lost = Optional.empty();
    private int published;

    TestingEvents refusing(Refusal.Kind kind, String reason) {
        refusal = Optional.of(new Refusal(kind, reason));
        return this;
    }

    TestingEvents losing(String reason) {
        lost = Optional.of(reason);
        return this;
    }

    @Override
    public Optional<Refusal> emit(Emission event) {
        if (refusal.isEmpty()) {
            taken.add(event);
        }
        return refusal;
    }

    @Override
    public void publish() {
        if (lost.isPresent()) {
            throw new Unpublished(ErrorKind.UNAVAILABLE, lost.get());
        }
        published++;
    }

    List<Emission> taken() {
        return taken;
    }

    int published() {
        return published;
    }
}
