package dev.photon.benchmarks;

import java.io.IOException;
import java.util.List;

/** How long the kernels take, each in a process of its own. */
record GuestCompute(String name, String title, Side runtime) implements Scenario {

    /** What runs a kernel. */
    interface Side {
        /**
         * Starts a process that runs a module and prints what that prints.
         *
         * @param module a file
         * @param query the module's query: how many milliseconds to run
         * @throws Skipped when something it needs is not on this machine
         */
        ServerProcess start(Bench bench, String module, String query) throws Skipped, IOException;
    }

    @Override
    public void measure(Bench bench, Results results) throws Skipped, IOException, InterruptedException {
        var logarithms = 0.0;
        for (var kernel : Kernel.ALL) {
            var module = bench.root().resolve("benchmarks/kernels/" + kernel.name() + ".wasm");
            var millis = Integer.toString(bench.pace().measured() * 1_000);
            try (var process = runtime.start(bench, module.toString(), millis)) {
                var best = kernel.millis(process.awaitEnd());
                results.addMillis(name, kernel.name(), best);
                logarithms += Math.log(best);
            }
        }
        results.addMillis(name, Measurement.GEOMETRIC_MEAN, Math.exp(logarithms / Kernel.ALL.size()));
    }

    static ServerProcess photon(Bench bench, String module, String query) throws IOException {
        return bench.startJava(KernelRun.class, List.of(module, query));
    }

    static ServerProcess v8(Bench bench, String module, String query) throws Skipped, IOException {
        var script = bench.root().resolve("benchmarks/kernels/v8.mjs").toString();
        try {
            return bench.start("node", List.of("node", "--no-warnings", script, module, query));
        } catch (IOException e) {
            throw new Skipped("node is not there (" + e.getMessage() + ")");
        }
    }
}
