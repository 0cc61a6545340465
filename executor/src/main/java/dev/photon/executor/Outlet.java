package dev.photon.executor;

import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;

/** Where the outcome of an attempt goes. */
interface Outlet {

    /**
     * Takes an outcome on.
     *
     * @param giveUpNanos when it is of no more use, on {@link System#nanoTime}'s clock
     * @param done runs once, when nothing is left to be done for the invocation; never, when that is left to another
     *     attempt
     */
    void send(ReplyTo to, Reply reply, long giveUpNanos, Runnable done);
}
