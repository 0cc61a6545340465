package dev.photon.executor.wasm;

/**
 * What the functions that an instance imports act on: the run that it serves, and a handler's exchange. Confined to the
 * guest's thread.
 */
final class Guest {
    private static final int FEATURES = Exchange.BUFFER_REQUEST | Exchange.BUFFER_RESPONSE;

    private Run run;
    private Exchange exchange;
    private int features;

    Guest(Run first) {
        run = first;
    }

    Run run() {
        return run;
    }

    /** From here on the instance handles a request. */
    Exchange serve(Run next) {
        run = next;
        next.emissions().open();
        var passed = new PassedAnswer(next.large(), next.limits().answerBytes());
        exchange = new Exchange(next.request(), next.limits().answerBytes(), passed, features, next.room());
        return exchange;
    }

    /** Forgets the run: what an idle instance knows of it is what the guest kept. */
    void rest() {
        run = null;
        exchange = null;
    }

    /**
     * @throws BadCall when it has none: a handler that is being initialised, and a command
     */
    Exchange exchange() {
        if (exchange == null) {
            throw new BadCall("no request is being handled");
        }
        return exchange;
    }

    /** Enables features, during initialisation for all exchanges, and returns those that are in effect. */
    int enable(int wanted) {
        if (exchange != null) {
            return exchange.enable(wanted & FEATURES);
        }
        features |= wanted & FEATURES;
        return features;
    }
}
