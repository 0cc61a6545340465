package dev.photon.registry;

import dev.photon.protocol.Command;
import dev.photon.protocol.ErrorKind;
import java.time.Clock;
import java.util.List;

/** Decides on keys and secrets. Confined to the registry's thread. */
final class CredentialDecider {
    private static final int MAX_KEYS = 1_000;
    private static final int MAX_SECRETS = 1_000;

    private final FunctionView view;
    private final Clock clock;

    CredentialDecider(FunctionView view, Clock clock) {
        this.view = view;
        this.clock = clock;
    }

    Verdict set(Command.SetKey set) throws Refused {
        var key = KeyDescription.parse(set.id(), set.description(), clock.millis());
        if (view.key(key.id()).isPresent()) {
            throw new Refused("there is a key '" + key.id() + "' already: revoke it, or take another id");
        }
        if (view.keys().size() >= MAX_KEYS) {
            throw new Refused("there are " + MAX_KEYS + " keys, which is the most: revoke one first");
        }
        return accepted(key.id(), new State.Key(key));
    }

    Verdict revoke(Command.RevokeKey revoke) throws Refused {
        if (view.key(revoke.id()).isEmpty()) {
            throw new Refused(ErrorKind.NOT_FOUND, "there is no key '" + Refused.shortened(revoke.id()) + "'");
        }
        return accepted(revoke.id(), new State.NoKey(revoke.id()));
    }

    Verdict set(Command.SetSecret set) throws Refused {
        if (view.secret(set.name()).isEmpty() && view.secrets().size() >= MAX_SECRETS) {
            throw new Refused("there are " + MAX_SECRETS + " secrets, which is the most: delete one first");
        }
        try {
            return accepted(set.name(), new State.Sealed(new Secret(set.name(), set.sealed(), clock.millis())));
        } catch (IllegalArgumentException e) {
            throw new Refused(e.getMessage());
        }
    }

    Verdict delete(Command.DeleteSecret delete) throws Refused {
        if (view.secret(delete.name()).isEmpty()) {
            throw new Refused(ErrorKind.NOT_FOUND, "there is no secret '" + Refused.shortened(delete.name()) + "'");
        }
        var user = view.names().stream()
                .flatMap(name -> view.versions(name).stream())
                .filter(version -> version.secrets().containsValue(delete.name()))
                .findFirst();
        if (user.isPresent() && !delete.force()) {
            throw new Refused(
                    ErrorKind.IN_USE,
                    "secret %s is used by version %s of %s: delete that first, or force"
                            .formatted(
                                    delete.name(),
                                    user.get().version(),
                                    user.get().name()));
        }
        return accepted(delete.name(), new State.NoSecret(delete.name()));
    }

    private static Verdict accepted(String what, State state) {
        return new Verdict.Accepted(what, List.of(state));
    }
}
