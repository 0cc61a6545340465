package dev.photon.cli;

import dev.photon.cli.autoscale.Bounds;
import dev.photon.cli.autoscale.Launch;
import dev.photon.cli.autoscale.Supervisor;
import dev.photon.executor.ExecutorConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code faas autoscale}: executors of a region on this machine, as many as its scaler asks for. */
@Command(
        name = "autoscale",
        mixinStandardHelpOptions = true,
        description = "Keeps as many executors running here as the scaler of an ingress asks for.")
final class AutoscaleCommand implements Callable<Integer> {
    @Mixin
    RegionOptions region;

    @Option(
            names = "--scaler",
            paramLabel = "HOST:PORT,…",
            split = ",",
            required = true,
            description = "Where an ingress has its PHOTON_SCALER_PORT; the next is asked when one does not answer")
    List<String> scalers;

    @Option(names = "--min", defaultValue = "0", description = "Executors when there is nothing to do (default: 0)")
    int least;

    @Option(names = "--max", defaultValue = "4", description = "Executors at most (default: 4)")
    int most;

    @Option(
            names = "--concurrency",
            defaultValue = "8",
            description = "Runs at once that are right for one executor (default: 8)")
    int concurrency;

    @Option(names = "--queue-ms", description = "How long a call may wait for its run (default: 500)")
    Optional<Integer> queueMillis = Optional.empty();

    @Option(
            names = "--idle-seconds",
            description = "How long there must be nothing to do before the executors beyond --min go (default: 60)")
    Optional<Integer> idleSeconds = Optional.empty();

    @Option(
            names = "--settle-seconds",
            defaultValue = "20",
            description = "How long fewer must have been enough before one goes while there is work (default: 20)")
    int settleSeconds;

    @Override
    public Integer call() throws Exception {
        var configs = RoleConfigs.read(System.getenv(), region.settings());
        configs.executor().pools(configs.region().plan()); // or every executor would say so
        var supervisor = new Supervisor(
                new Supervisor.Question(
                        scalers.stream().map(AutoscaleCommand::address).toList(), metadata(configs.executor())),
                new Bounds(least, most, concurrency, Duration.ofSeconds(settleSeconds)),
                new Supervisor.Executors(configs.region(), configs.executor(), launch(configs.monitor())));
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            join(vertx.deployVerticle(supervisor));
        } catch (RuntimeException e) {
            join(vertx.close());
            throw e;
        }
        System.out.printf("ready autoscale %d to %d executors by %s%n", least, most, String.join(",", scalers));
        System.out.flush();
        Foreground.stay(() -> join(vertx.close()));
        return 0;
    }

    private static SocketAddress address(String scaler) {
        var address = HostAndPort.parseAuthority(scaler, -1);
        if (address == null || address.port() < 0) {
            throw new IllegalArgumentException("--scaler is '%s' and must be a host and a port".formatted(scaler));
        }
        return SocketAddress.inetSocketAddress(address.port(), address.host());
    }

    private Map<String, String> metadata(ExecutorConfig executor) {
        var metadata = new HashMap<String, String>();
        // Several cannot be asked for, only one or all.
        if (executor.pools().size() == 1) {
            metadata.put("pool", executor.pools().getFirst());
        }
        metadata.put("concurrency", Integer.toString(concurrency));
        queueMillis.ifPresent(millis -> metadata.put("queueMillis", Integer.toString(millis)));
        idleSeconds.ifPresent(seconds -> metadata.put("idleSeconds", Integer.toString(seconds)));
        return metadata;
    }

    private Launch launch(MonitorConfig monitor) {
        var main = new ArrayList<>(List.of(Faas.class.getName(), "executor", RoleCommand.OfExecutor.UNTIL_INPUT_ENDS));
        region.bootstrap.ifPresent(brokers -> main.addAll(List.of("--bootstrap", brokers)));
        region.region.ifPresent(name -> main.addAll(List.of("--region", name)));
        return new Launch(main, monitor.port().map(OptionalInt::of).orElse(OptionalInt.empty()));
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
