package dev.photon.benchmarks;

import dev.photon.benchmarks.Mark.Bound;
import dev.photon.benchmarks.Mark.Figure;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All scenarios, numbered from no system upward, and what is asked of them. A new one is added here. */
final class Catalogue {
    private static final String CALIBRATION = "00-calibration";
    private static final String HTTP = "01-http-only";
    private static final String KAFKA = "02-kafka-echo";
    private static final String WASM = "03-wasm-only";
    private static final String WASM_HANDLER = "03-wasm-only-handler";
    private static final String WASM_RUST = "03-wasm-only-rust";
    private static final String WASM_SCRIPT = "03-wasm-only-script";
    private static final String PHOTON = "04-end-to-end";
    private static final String PHOTON_HANDLER = "04-end-to-end-handler";
    private static final String PHOTON_JAVA = "04-end-to-end-java";
    private static final String WORKERD = "05-workerd";
    private static final String COMPUTE = "06-guest-compute";
    private static final String COMPUTE_V8 = "06-guest-compute-v8";
    private static final String COLD = "07-cold-start";
    private static final String MANY = "07-many-functions";
    private static final String STATIC = "08-static";
    private static final String STATIC_VERTX = "08-static-vertx";
    private static final String STATIC_NGINX = "08-static-nginx";
    private static final String NOISY = "09-noisy-neighbour";
    private static final String ONE_PARTITION = "09-one-partition";
    private static final String ELASTIC_ONE = "10-elastic-one-process";
    private static final String ELASTIC_PROCESSES = "10-elastic-processes";
    private static final String CHAOS = "11-chaos";
    private static final String GEOGRAPHY = "12-geo";
    private static final String GEOGRAPHY_COPY = "12-geo-copy";
    private static final String GEOGRAPHY_FORWARDED = "12-geo-forwarded";

    static final List<Scenario> SCENARIOS = List.of(
            new MainScenario(CALIBRATION, "a fixed loop of arithmetic, 1 and 2 threads", Calibration.class),
            new HttpScenario(HTTP, "a Vert.x server that echoes", HttpEcho.class),
            new KafkaScenario(KAFKA, "two hops over Kafka, clients only"),
            new MainScenario(WASM, "the executor's engine, 1 and 2 threads", WasmOnly.class, EchoGuest.COMMAND),
            new MainScenario(WASM_HANDLER, "the same with the echo as a handler", WasmOnly.class, EchoGuest.HANDLER),
            new MainScenario(WASM_RUST, "the same with a command in Rust", WasmOnly.class, "examples/hello/hello.wasm"),
            new MainScenario(WASM_SCRIPT, "the same with a script", WasmOnly.class, "benchmarks/script/hello.js"),
            new EndToEnd(PHOTON, "./faas up with the echo function", EchoGuest.COMMAND),
            new EndToEnd(PHOTON_HANDLER, "the same with the echo as a handler", EchoGuest.HANDLER),
            new HttpScenario(PHOTON_JAVA, "the same with a Java echo instead of Wasm", JavaEchoServer.class),
            new Workerd(WORKERD, "workerd with the same module, no log"),
            new GuestCompute(COMPUTE, "six kernels on the executor's engine", GuestCompute::photon),
            new GuestCompute(COMPUTE_V8, "the same modules in Node's V8", GuestCompute::v8),
            new ColdStart(COLD, "first calls of functions of 150 KB, and of an executor"),
            new ManyFunctions(MANY, "an executor that knows 1,000 functions of 150 KB and runs 100 of them"),
            new StaticFile(STATIC, "a file of 16 KiB from ./faas up", StaticFile::photon),
            new StaticFile(STATIC_VERTX, "the same by Vert.x' sendFile alone", StaticFile::vertx),
            new StaticFile(STATIC_NGINX, "the same from nginx", StaticFile::nginx),
            new NoisyNeighbour(NOISY, "echo at 50 requests/s, alone and beside one that computes"),
            new OnePartition(ONE_PARTITION, "records of one partition and a handler that waits for 5 ms"),
            new ElasticInOneProcess(ELASTIC_ONE, "functions and consumers of ./faas up that come and go"),
            new ElasticProcesses(ELASTIC_PROCESSES, "executors as processes that come and go, by faas autoscale"),
            new ChaosRun(CHAOS, "a region of containers under load whose parts die and freeze"),
            new Geography(GEOGRAPHY, "three regions of ./faas up"),
            new BrokerCopy(GEOGRAPHY_COPY, "functions copied from one broker to another"),
            new ForwardedCalls(GEOGRAPHY_FORWARDED, "calls that one region of ./faas up has another one answer"));

    static final List<Mark> MARKS = List.of(
            new Mark(
                    "end-to-end / workerd, throughput at 256",
                    new Figure(PHOTON, 256, Measurement.THROUGHPUT),
                    Optional.of(new Figure(WORKERD, 256, Measurement.THROUGHPUT)),
                    new Bound.AtLeast(1.0)),
            new Mark(
                    "end-to-end-handler / workerd, throughput at 256",
                    new Figure(PHOTON_HANDLER, 256, Measurement.THROUGHPUT),
                    Optional.of(new Figure(WORKERD, 256, Measurement.THROUGHPUT)),
                    new Bound.AtLeast(2.5)),
            new Mark(
                    "end-to-end-java / workerd, throughput at 256",
                    new Figure(PHOTON_JAVA, 256, Measurement.THROUGHPUT),
                    Optional.of(new Figure(WORKERD, 256, Measurement.THROUGHPUT)),
                    new Bound.AtLeast(2.5)),
            new Mark(
                    "end-to-end / kafka-echo, p50 at 1",
                    new Figure(PHOTON, 1, Measurement.P50),
                    Optional.of(new Figure(KAFKA, 1, Measurement.P50)),
                    new Bound.AtMost(1.5)),
            new Mark(
                    "end-to-end, seconds from start to first answer",
                    new Figure(PHOTON, 1, Measurement.STARTUP),
                    Optional.empty(),
                    new Bound.AtMost(5.0)),
            new Mark(
                    "guest-compute / V8, time of six kernels",
                    new Figure(COMPUTE, 1, Measurement.GEOMETRIC_MEAN),
                    Optional.of(new Figure(COMPUTE_V8, 1, Measurement.GEOMETRIC_MEAN)),
                    new Bound.AtMost(2.0)),
            engine("handler in the engine, p50 in µs", WASM_HANDLER, 10),
            engine("command in Rust in the engine, p50 in µs", WASM_RUST, 50),
            engine("script in the engine, p50 in µs", WASM_SCRIPT, 1_000),
            coldStart("first call of a compiled function, ms", Measurement.FIRST_CALL_COMPILED, 20),
            coldStart("first call with an empty cache, ms", Measurement.FIRST_CALL_EMPTY, 100),
            coldStart("start of an executor to its first answer, ms", Measurement.EXECUTOR_ANSWERED, 1_500),
            new Mark(
                    "executor with 1,000 functions, 100 of them called, MiB",
                    new Figure(MANY, 1, Measurement.RESIDENT),
                    Optional.empty(),
                    new Bound.AtMost(1_024)),
            staticFile("static file / Vert.x' sendFile, throughput at 256", STATIC_VERTX, 0.9),
            staticFile("static file / nginx, throughput at 256", STATIC_NGINX, 0.5),
            new Mark(
                    "echo beside 1 burner / alone, p95",
                    new Figure(NOISY, 1, Measurement.P95_RATIO),
                    Optional.empty(),
                    new Bound.AtMost(2.0)),
            new Mark(
                    "echo beside 8 burners / alone, p95",
                    new Figure(NOISY, 8, Measurement.P95_RATIO),
                    Optional.empty(),
                    new Bound.AtMost(2.0)),
            new Mark(
                    "one partition, many at once / one at a time, throughput",
                    new Figure(ONE_PARTITION, OnePartition.MANY, Measurement.THROUGHPUT),
                    Optional.of(new Figure(ONE_PARTITION, 1, Measurement.THROUGHPUT)),
                    new Bound.AtLeast(50)),
            oneProcess(
                    "function at zero to its answer, p95, ms",
                    1,
                    ElasticInOneProcess.ZERO_TO_ANSWER,
                    new Bound.AtMost(30)),
            oneProcess(
                    "10 calls of 10 ms at once, one consumer, calls/s",
                    1,
                    Measurement.THROUGHPUT,
                    new Bound.AtLeast(720)),
            oneProcess("20 calls, two consumers", 2, Measurement.THROUGHPUT, new Bound.AtLeast(1_440)),
            oneProcess("40 calls, four consumers", 4, Measurement.THROUGHPUT, new Bound.AtLeast(2_880)),
            oneProcess(
                    "function back to zero, idle for 5 s, s",
                    1,
                    ElasticInOneProcess.BACK_TO_ZERO,
                    new Bound.AtMost(15)),
            elastic("zero to the first answer, p95, ms", 1, "zero-to-answer-clean-p95", new Bound.AtMost(2_000)),
            elastic("the same after a kill", 1, "zero-to-answer-killed-p95", new Bound.AtMost(2_000)),
            elastic("1 executor of 8 runs of 10 ms, calls/s", 1, Measurement.THROUGHPUT, new Bound.AtLeast(720)),
            elastic("2 executors", 2, Measurement.THROUGHPUT, new Bound.AtLeast(1_440)),
            elastic("4 executors", 4, Measurement.THROUGHPUT, new Bound.AtLeast(2_880)),
            elastic("failed while 3 executors became 1", 1, "scale-in-failed", new Bound.AtMost(0)),
            elastic("longest call in a join, consumer, ms", 1, "consumer-join", new Bound.AtMost(1_000)),
            elastic("longest call in a leave, consumer, ms", 1, "consumer-leave", new Bound.AtMost(1_000)),
            elastic("longest call in a join, classic, ms", 1, "classic-join", new Bound.AtMost(1_000)),
            elastic("longest call in a leave, classic, ms", 1, "classic-leave", new Bound.AtMost(1_000)),
            elastic("back to zero, idle for 5 s, s", 1, "back-to-zero", new Bound.AtMost(15)),
            new Mark(
                    "chaos: what does not balance",
                    new Figure(CHAOS, 1, ChaosRun.UNBALANCED),
                    Optional.empty(),
                    new Bound.AtMost(0)),
            geography("1 MB deployed to callable in two other regions, p99, ms", Geography.DEPLOYED, 2_000),
            geography("alias switch in two other regions, p99, ms", Geography.SWITCHED, 500),
            new Mark(
                    "replicator / plain consume and produce, records/s",
                    new Figure(GEOGRAPHY_COPY, 1, BrokerCopy.COPIED),
                    Optional.of(new Figure(GEOGRAPHY_COPY, 1, BrokerCopy.COPIED_PLAINLY)),
                    new Bound.AtLeast(0.7)),
            forwarded(0),
            forwarded(40));

    private Catalogue() {}

    private static Mark engine(String name, String scenario, double mostMicros) {
        return new Mark(name, new Figure(scenario, 1, Measurement.P50), Optional.empty(), new Bound.AtMost(mostMicros));
    }

    private static Mark staticFile(String name, String other, double least) {
        return new Mark(
                name,
                new Figure(STATIC, 256, Measurement.THROUGHPUT),
                Optional.of(new Figure(other, 256, Measurement.THROUGHPUT)),
                new Bound.AtLeast(least));
    }

    private static Mark oneProcess(String name, int step, String metric, Bound bound) {
        return new Mark(name, new Figure(ELASTIC_ONE, step, metric), Optional.empty(), bound);
    }

    private static Mark elastic(String name, int executors, String metric, Bound bound) {
        return new Mark(name, new Figure(ELASTIC_PROCESSES, executors, metric), Optional.empty(), bound);
    }

    private static Mark geography(String name, String metric, double most) {
        return new Mark(name, new Figure(GEOGRAPHY, 1, metric), Optional.empty(), new Bound.AtMost(most));
    }

    private static Mark forwarded(int roundTripMillis) {
        return new Mark(
                "forwarded call without %d ms of way / local call, p50".formatted(roundTripMillis),
                new Figure(GEOGRAPHY_FORWARDED, 1, ForwardedCalls.beyond(roundTripMillis)),
                Optional.of(new Figure(GEOGRAPHY_FORWARDED, 1, ForwardedCalls.local(roundTripMillis))),
                new Bound.AtMost(1.3));
    }

    private static Mark coldStart(String name, String metric, double most) {
        return new Mark(name, new Figure(COLD, 1, metric), Optional.empty(), new Bound.AtMost(most));
    }

    /**
     * The scenarios that are named, in full or by how they begin, with those they are compared to and the calibration;
     * all when none is named.
     *
     * @throws IllegalArgumentException for a name that means nothing
     */
    static List<Scenario> select(List<String> names) {
        if (names.isEmpty()) {
            return SCENARIOS;
        }
        var chosen = new LinkedHashSet<>(Set.of(CALIBRATION));
        names.forEach(name -> chosen.addAll(meant(name)));
        for (var mark : MARKS) {
            if (chosen.contains(mark.figure().scenario())) {
                chosen.addAll(mark.scenarios());
            }
        }
        return SCENARIOS.stream()
                .filter(scenario -> chosen.contains(scenario.name()))
                .toList();
    }

    private static List<String> meant(String name) {
        var all = SCENARIOS.stream().map(Scenario::name).toList();
        var meant = all.contains(name)
                ? List.of(name)
                : all.stream().filter(one -> one.startsWith(name)).toList();
        if (name.isEmpty() || meant.isEmpty()) {
            throw new IllegalArgumentException("there is no scenario '" + name + "'; there are " + all);
        }
        return meant;
    }
}
