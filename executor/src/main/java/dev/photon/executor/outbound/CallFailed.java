package dev.photon.executor.outbound;

/** Carries a failure through futures. Expected, so it has no stack trace. */
final class CallFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final OutboundResult.Kind kind;

    CallFailed(OutboundResult.Kind kind, String reason) {
        super(reason, null, false, false);
        this.kind = kind;
    }

    OutboundResult.Failure failure() {
        return new OutboundResult.Failure(kind, getMessage());
    }
}
