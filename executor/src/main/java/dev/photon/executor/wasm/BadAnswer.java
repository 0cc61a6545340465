package dev.photon.executor.wasm;

/** What a command wrote to its standard output is no CGI response. */
final class BadAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadAnswer(String reason) {
        super("the function's answer is not a CGI response: " + reason, null, false, false);
    }
}
