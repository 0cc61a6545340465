package dev.photon.cli;

import dev.photon.cli.broker.EmbeddedKafka;
import dev.photon.protocol.KafkaSecurity;
import dev.photon.protocol.Settings;
import dev.photon.registry.SecretBox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code faas up}: a whole region in this process. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description =
                "Runs all roles, with an embedded Kafka broker unless --bootstrap names others, on loopback only.")
final class UpCommand implements Callable<Integer> {
    @Mixin
    RegionOptions region;

    @Option(names = "--port", defaultValue = "8080", description = "HTTP port, 0 for a free one (default: 8080)")
    int port;

    @Option(
            names = "--kafka-port",
            defaultValue = "9092",
            description = "Port of the broker, 0 for a free one (default: 9092)")
    int kafkaPort;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keeps functions and events there; without it they go when this ends")
    Optional<Path> data = Optional.empty();

    @Option(
            names = "--regions",
            paramLabel = "NAME,…",
            split = ",",
            description = "Several regions, each with a broker, whose ports and the ingresses' count up from the first")
    List<String> regions = List.of();

    @Override
    public Integer call() throws Exception {
        if (!regions.isEmpty() && (region.bootstrap.isPresent() || region.region.isPresent())) {
            throw new IllegalArgumentException(
                    "--regions starts brokers and names regions: leave out the other option");
        }
        var running = new Stack();
        try {
            var folder = data.isPresent()
                    ? data.get()
                    : running.push(new TemporaryFolder()).path();
            if (regions.isEmpty()) {
                open(running, folder);
            } else {
                openAll(running, folder);
            }
        } catch (Exception e) {
            running.close();
            throw e;
        }
        Foreground.stay(running::close);
        return 0;
    }

    private void openAll(Stack running, Path folder) throws IOException, InterruptedException {
        var settings = new HashMap<String, String>();
        if (!has("PHOTON_ENTRIES")) {
            settings.put("PHOTON_ENTRIES", "local");
        }
        if (hasNoSecretsKey()) {
            settings.put(SecretBox.SETTING, SecretsKey.in(folder));
        }
        var all = running.push(LocalRegions.start(regions, folder, port, kafkaPort, settings));
        all.all().forEach(one -> System.out.printf("ready %s %s kafka %s%n", one.name(), one.url(), one.bootstrap()));
        System.out.flush();
    }

    private void open(Stack running, Path folder) throws IOException, InterruptedException {
        var options = region.settings();
        if (!has("PHOTON_ENTRIES")) {
            options.put("PHOTON_ENTRIES", "local");
        }
        options.put("PHOTON_HOST", "127.0.0.1");
        options.put("PHOTON_PORT", Integer.toString(port));
        options.put("PHOTON_CACHE", folder.resolve("artifacts").toString());
        if (region.bootstrap.isEmpty()) {
            var broker = running.push(EmbeddedKafka.start(folder.resolve("kafka"), kafkaPort));
            options.put("PHOTON_BOOTSTRAP", broker.bootstrap());
            // How other brokers are spoken to does not matter to ours.
            KafkaSecurity.KEYS.forEach(key -> options.put(key, ""));
        }
        // Other brokers keep secrets longer than a folder that goes with this process keeps their key.
        var keepsItsSecrets = region.bootstrap.isEmpty() || data.isPresent();
        if (keepsItsSecrets && hasNoSecretsKey()) {
            options.put(SecretBox.SETTING, SecretsKey.in(folder));
        }
        var configs = RoleConfigs.read(System.getenv(), options);
        var roles = running.push(Roles.start(EnumSet.allOf(Role.class), configs));
        System.out.printf(
                "ready %s kafka %s%s%n",
                configs.url(roles.port().orElseThrow()),
                options.get("PHOTON_BOOTSTRAP"),
                roles.monitorUrl().map(url -> " metrics " + url).orElse(""));
        System.out.flush();
    }

    private static boolean hasNoSecretsKey() {
        return !has(SecretBox.SETTING) && !has(Settings.fileOf(SecretBox.SETTING));
    }

    private static boolean has(String variable) {
        return System.getenv().containsKey(variable);
    }
}
