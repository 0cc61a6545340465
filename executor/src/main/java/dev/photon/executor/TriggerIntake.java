package dev.photon.executor;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Takes records of a trigger off the poll thread. */
interface TriggerIntake {

    /** One record of a partition, as its lane sees it. Thread-safe. */
    interface Taken {

        /** Attempts that were begun before, of which is known. */
        int attempts();

        /** Whether it may have run without our knowing. */
        boolean redelivered();

        /** Whether it is still ours. */
        boolean wanted();

        /** Asks before each run; when the answer is no, it must not run here any more. */
        boolean begin();

        /** Whether the next owner of the partition runs what {@link #begin} refuses; nobody does otherwise. */
        boolean hasNextOwner();

        /**
         * What it began for has ended, and the record waits for another attempt.
         *
         * @param attempts that have come to a run by now
         */
        void waits(int attempts);

        /** The wait is over: calls back when the next attempt may {@link #begin}. */
        void again(Runnable attempt);

        /** It is over: its outcome is safe. */
        void finished();

        /** Where what it leads to is held back, if it is. */
        Optional<Holding> holding();
    }

    /** Keeps what records lead to until it is committed together with their offsets. Thread-safe. */
    interface Holding {

        /** Completes when there is room for what an attempt leads to. Nothing may wait for the attempt until then. */
        CompletableFuture<Void> room();

        /** The record is over but for this, and nothing need wait for it any more. */
        void hold(Held held);
    }

    /** Returns at once. */
    void accept(ConsumerRecord<byte[], byte[]> source, Taken taken);

    /** Whether nothing that came before has to be finished first. */
    boolean isFree(ConsumerRecord<byte[], byte[]> source);
}
