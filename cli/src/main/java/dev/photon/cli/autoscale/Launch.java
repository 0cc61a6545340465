package dev.photon.cli.autoscale;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How an executor is started: by the virtual machine of this process, with the options and the class path that this one was
 * started with, and so from the same AOT cache.
 *
 * @param main class and its arguments
 * @param metricsPort of the first; the others have those that follow. Empty when none listens, 0 when each takes a free one
 */
public record Launch(List<String> main, OptionalInt metricsPort) {

    /**
     * Its standard error is ours; its standard input ends with us.
     *
     * @param place among the executors of this machine, from 0
     * @param environment beside ours
     */
    Process start(int place, Map<String, String> environment) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(main);
        var builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
        builder.environment().putAll(environment);
        metricsPort.ifPresent(port ->
                builder.environment().put("PHOTON_METRICS_PORT", Integer.toString(port == 0 ? 0 : port + place)));
        return builder.start();
    }
}
