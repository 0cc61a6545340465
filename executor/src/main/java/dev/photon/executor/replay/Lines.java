package dev.photon.executor.replay;

import io.vertx.core.json.JsonObject;

/** Takes a report line by line; waits while too much of it is on its way. */
public interface Lines {
    void write(JsonObject line) throws InterruptedException;
}
