package dev.photon.executor;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;
import dev.photon.registry.FunctionView;
import dev.photon.registry.Manifest;
import dev.photon.registry.SecretBox;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The variables of a run: values as they were deployed, and secrets as they are now. Thread-safe. */
final class Environments {
    private final FunctionView view;
    private final Optional<SecretBox> box;

    Environments(FunctionView view, Optional<SecretBox> box) {
        this.view = view;
        this.box = box;
    }

    /** A secret that the function needs cannot be had. */
    static final class Closed extends Exception {
        private static final long serialVersionUID = 1;
        private final ErrorKind kind;

        Closed(ErrorKind kind, String reason) {
            super(reason, null, false, false);
            this.kind = kind;
        }

        Reply.Failure failure() {
            return new Reply.Failure(kind, getMessage());
        }
    }

    Map<String, String> of(Manifest manifest) throws Closed {
        if (manifest.secrets().isEmpty()) {
            return manifest.env();
        }
        var all = new HashMap<>(manifest.env());
        for (var wanted : manifest.secrets().entrySet()) {
            all.put(wanted.getKey(), value(wanted.getValue()));
        }
        return all;
    }

    private String value(String name) throws Closed {
        var secret = view.secret(name)
                .orElseThrow(() -> new Closed(
                        ErrorKind.FUNCTION_FAILED, "the function needs the secret '" + name + "', which was deleted"));
        return box.flatMap(opener -> opener.open(name, secret.sealed()))
                .orElseThrow(() -> new Closed(
                        ErrorKind.UNAVAILABLE,
                        "the executor has no " + SecretBox.SETTING + " that opens the secret '" + name + "'"));
    }
}
