package dev.photon.cli;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code faas ingress}, {@code faas executor}, {@code faas registry}, {@code faas replicator}: one role as a process of its own. */
abstract class RoleCommand implements Callable<Integer> {
    @Mixin
    RegionOptions region;

    private final Role role;

    RoleCommand(Role role) {
        this.role = role;
    }

    void addTo(Map<String, String> settings) {}

    @Override
    public Integer call() throws Exception {
        var settings = region.settings();
        addTo(settings);
        var configs = RoleConfigs.read(System.getenv(), settings);
        var roles = Roles.start(EnumSet.of(role), configs);
        System.out.println("ready " + role.name().toLowerCase(Locale.ROOT)
                + roles.port().map(port -> " " + configs.url(port)).orElse("")
                + roles.scalerPort()
                        .map(port -> " scaler %s:%d".formatted(configs.scaler().host(), port))
                        .orElse("")
                + roles.monitorUrl().map(url -> " metrics " + url).orElse(""));
        System.out.flush();
        Foreground.stay(roles::close);
        return 0;
    }

    /** HTTP in and out. */
    @Command(name = "ingress", mixinStandardHelpOptions = true, description = "Serves HTTP.")
    static final class OfIngress extends RoleCommand {
        @Option(names = "--port", description = "HTTP port, 0 for a free one (PHOTON_PORT, default: 8080)")
        Optional<Integer> port = Optional.empty();

        OfIngress() {
            super(Role.INGRESS);
        }

        @Override
        void addTo(Map<String, String> settings) {
            port.ifPresent(number -> settings.put("PHOTON_PORT", Integer.toString(number)));
        }
    }

    /** Runs functions. */
    @Command(name = "executor", mixinStandardHelpOptions = true, description = "Runs functions.")
    static final class OfExecutor extends RoleCommand {
        static final String UNTIL_INPUT_ENDS = "--until-input-ends";

        @Option(
                names = UNTIL_INPUT_ENDS,
                description = "Ends when its standard input does, as that of a process whose parent has died")
        boolean untilInputEnds;

        OfExecutor() {
            super(Role.EXECUTOR);
        }

        @Override
        public Integer call() throws Exception {
            if (untilInputEnds) {
                Foreground.endWithInput();
            }
            return super.call();
        }
    }

    /** Copies what other regions deploy. */
    @Command(name = "replicator", mixinStandardHelpOptions = true, description = "Copies other regions' functions.")
    static final class OfReplicator extends RoleCommand {
        OfReplicator() {
            super(Role.REPLICATOR);
        }
    }

    /** Decides on deployments. */
    @Command(name = "registry", mixinStandardHelpOptions = true, description = "Decides on deployments.")
    static final class OfRegistry extends RoleCommand {
        OfRegistry() {
            super(Role.REGISTRY);
        }
    }
}
