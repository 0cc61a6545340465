package dev.photon.cli.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.photon.cli.RegionOptions;
import dev.photon.cli.remote.Output;
import dev.photon.cli.remote.RemoteFailure;
import dev.photon.cli.remote.Server;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.TopicPlan;
import dev.photon.protocol.TopicSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code faas doctor}: whether what the other commands need is there. Changes nothing. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Looks whether what is needed is there; the exit code is 1 when something needed is not.")
public final class DoctorCommand implements Callable<Integer> {
    private static final int JDK = 25;
    private static final int PORT = 8080;

    @Option(names = "--lang", description = "A language whose compiler is needed: rust, c, assemblyscript or js")
    Optional<Language> lang = Optional.empty();

    @ArgGroup(exclusive = false, heading = "Looks at these Kafka brokers, too:%n")
    RegionOptions region = new RegionOptions();

    @Mixin
    Server server;

    @Mixin
    Output output;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var findings = new ArrayList<Finding>();
        findings.add(jdk());
        for (var language : Language.values()) {
            findings.add(compiler(language));
        }
        findings.add(port());
        findings.add(region());
        if (region.namesBrokers()) {
            findings.add(kafka(region.config()));
        }
        print(findings);
        return findings.stream().anyMatch(found -> found.state() == Finding.State.PROBLEM) ? 1 : 0;
    }

    private static Finding jdk() {
        var detail = Runtime.version() + " (" + System.getProperty("java.home") + ")";
        return Runtime.version().feature() >= JDK
                ? Finding.ok("jdk", detail)
                : Finding.missing("jdk", true, detail + " is older than " + JDK);
    }

    private Finding compiler(Language language) throws InterruptedException {
        var needed = lang.filter(language::equals).isPresent();
        return switch (Toolchain.find(language, SearchPath.ofEnvironment())) {
            case Toolchain.Found found -> Finding.ok(language.word(), found.description());
            case Toolchain.Missing missing -> Finding.missing(language.word(), needed, missing.reason());
        };
    }

    /** One that is taken may well be taken by a region that runs here. */
    private static Finding port() {
        try (var socket = new ServerSocket(PORT, 1, InetAddress.getLoopbackAddress())) {
            return Finding.ok("port", socket.getLocalPort() + " is free");
        } catch (IOException e) {
            return Finding.missing("port", false, PORT + " is taken: --port of faas run and faas up takes another");
        }
    }

    /** It is needed when somebody said where it is. */
    private Finding region() throws IOException, InterruptedException {
        try {
            var version = server.get(server.at("version")).path("version").asText("unknown");
            return Finding.ok("region", server.base() + " runs version " + version);
        } catch (RemoteFailure e) {
            return Finding.missing("region", server.isConfigured(), e.getMessage());
        }
    }

    private static Finding kafka(RegionConfig region) throws InterruptedException {
        var bootstrap = region.kafka().bootstrap();
        try (var admin = region.kafka().admin()) {
            return kafka(bootstrap, region.plan(), TopicSetup.inspect(admin, region.plan()));
        } catch (KafkaException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            var reason = region.kafka().refusal(e).orElse(bootstrap + " cannot be asked: " + cause.getMessage());
            return Finding.missing("kafka", true, reason);
        }
    }

    private static Finding kafka(String bootstrap, TopicPlan plan, TopicSetup.Inspection found) {
        if (!found.problems().isEmpty()) {
            return Finding.missing("kafka", true, String.join("; ", found.problems()));
        }
        return Finding.ok(
                "kafka",
                "%s answers, %d of %d topics are there and safe, the rest is made at the first start"
                        .formatted(
                                bootstrap,
                                plan.all().size() - found.missing().size(),
                                plan.all().size()));
    }

    private void print(List<Finding> findings) {
        var answer = JsonNodeFactory.instance.arrayNode();
        var rows = new ArrayList<List<String>>();
        for (var finding : findings) {
            var state = finding.state().name().toLowerCase(Locale.ROOT);
            answer.addObject()
                    .put("subject", finding.subject())
                    .put("state", state)
                    .put("detail", finding.detail());
            rows.add(List.of(finding.subject(), state, finding.detail()));
        }
        output.print(answer, rows);
    }
}
