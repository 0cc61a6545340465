package dev.photon.executor.wasm;

import dev.photon.protocol.Header;
import java.util.List;

/** A request or a response, as a handler reads and changes it. */
record Message(Fields headers, BodyStream body) {
    Message(List<Header> headers, BodyStream body) {
        this(new Fields(headers), body);
    }

    Message with(BodyStream other) {
        return new Message(headers, other);
    }
}
