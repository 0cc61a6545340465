package dev.photon.executor.wasm;

import dev.photon.protocol.Emission;
import java.util.Optional;

/**
 * Takes the events of one run: holds them, and publishes them once the run has ended well. Confined to the run's thread.
 */
public interface EventSink {
    /** Of who takes none. */
    EventSink NONE = new EventSink() {
        @Override
        public Optional<Refusal> emit(Emission event) {
            return Optional.of(new Refusal(Refusal.Kind.NOT_ALLOWED, "no events can be published here"));
        }

        @Override
        public void publish() {
            // There are none.
        }
    };

    /**
     * Why an event is not taken.
     *
     * @param reason one sentence for the function's author
     */
    record Refusal(Kind kind, String reason) {
        /** As the guest is told. */
        public enum Kind {
            MALFORMED(-1),
            NOT_ALLOWED(-2),
            TOO_LARGE(-5),
            TOO_MANY(-6);

            private final int number;

            Kind(int number) {
                this.number = number;
            }

            int number() {
                return number;
            }
        }
    }

    /** Holds an event; empty when it is held. */
    Optional<Refusal> emit(Emission event);

    /**
     * Waits until all that is held is where it should be. Called once at most.
     *
     * @throws Unpublished when it does not get there, or not all of it
     */
    void publish() throws InterruptedException;
}
