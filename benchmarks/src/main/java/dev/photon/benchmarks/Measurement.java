package dev.photon.benchmarks;

/**
 * One figure.
 *
 * @param connections what was in flight at once
 */
record Measurement(String scenario, int connections, String metric, double value, String unit) {
    static final String THROUGHPUT = "throughput";
    static final String P50 = "p50";
    static final String P99 = "p99";
    static final String CPU_PER_THOUSAND = "cpu-per-1000-requests";
    static final String P95_RATIO = "p95-ratio";
    static final String ERRORS = "errors";
    static final String STARTUP = "startup";
    static final String GEOMETRIC_MEAN = "geometric-mean";
    static final String FIRST_CALL_COMPILED = "first-call-compiled";
    static final String FIRST_CALL_EMPTY = "first-call-empty-cache";
    static final String DEPLOYED_ANSWERED = "deployed-answered";
    static final String EXECUTOR_ANSWERED = "executor-answered";
    static final String RESIDENT = "resident";
    static final String STARTUP_READY = "startup-ready";
}
