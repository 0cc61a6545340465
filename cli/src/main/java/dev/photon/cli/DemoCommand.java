package dev.photon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.cli.broker.EmbeddedKafka;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyCodec;
import dev.photon.protocol.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code faas demo}: a region on free ports with temporary data, the examples deployed and called in every way. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Shows it all working, and leaves nothing behind.")
final class DemoCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String REPLIES = "demo.replies";
    private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path examples = Path.of(
                    Optional.ofNullable(System.getProperty("photon.home")).orElse("."))
            .resolve("examples");
    private URI base;
    private KafkaConnection kafka;

    @Option(names = "--regions", description = "Shows three regions instead, one of which is stopped")
    boolean regions;

    @Override
    public Integer call() throws Exception {
        if (regions) {
            new RegionsDemo(examples).run();
            return 0;
        }
        try (var running = new Stack()) {
            var began = System.nanoTime();
            var folder = running.push(new TemporaryFolder()).path();
            var broker = running.push(EmbeddedKafka.start(folder.resolve("kafka"), 0));
            var options = Map.of(
                    "PHOTON_BOOTSTRAP", broker.bootstrap(),
                    "PHOTON_HOST", "127.0.0.1",
                    "PHOTON_PORT", "0",
                    "PHOTON_ENTRIES", "local",
                    "PHOTON_CACHE", folder.resolve("artifacts").toString());
            var roles = running.push(Roles.start(EnumSet.allOf(Role.class), RoleConfigs.read(Map.of(), options)));
            base = URI.create("http://127.0.0.1:" + roles.port().orElseThrow());
            kafka = new KafkaConnection(broker.bootstrap());
            say("started", "broker, registry, executor and ingress at " + base, began);
            deployByHttp("hello");
            deployByHttp("json-stats");
            deployByHttp("mandelbrot");
            deployByKafka("wordcount");
            call("GET", "/fn/hello?name=Ada", "");
            call("POST", "/fn/wordcount", "the log is the truth\nthe rest is a view\n");
            call("POST", "/fn/json-stats", "[3, 1, 4, 1, 5, 9, 2, 6]");
            call("GET", "/fn/mandelbrot?width=128&height=128", "");
            call("POST", "/api/faas/v1/execute/hello/1.0.0", "Grace");
            publish("hello", "Kafka");
        }
        System.out.println("done: everything is stopped and removed");
        return 0;
    }

    private void deployByHttp(String name) throws IOException, InterruptedException {
        var began = System.nanoTime();
        var form = new MultipartForm()
                .file("functionFile", name + ".wasm", module(name))
                .file("photoniqToml", "photoniq.toml", toml(name));
        var request = HttpRequest.newBuilder(base.resolve("/api/faas/v1/deploy"))
                .header("content-type", form.contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.finish()))
                .build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        require(answer.statusCode() == 200, "deploying " + name + " answered " + answer.body());
        say("deployed over HTTP", name + " → " + answer.body(), began);
    }

    /** What a person with kcat would do: one record with the module as its value. */
    private void deployByKafka(String name) throws Exception {
        var began = System.nanoTime();
        var command = new ProducerRecord<>(TOPICS.deployments(), name.getBytes(UTF_8), module(name));
        command.headers().add("toml", toml(name));
        send(command);
        var found = false;
        while (!found && System.nanoTime() - began < PATIENCE.toNanos()) {
            found = get("/api/faas/v1/functions").body().contains('"' + name + '"');
        }
        require(found, name + " did not appear");
        say("deployed over Kafka", name + " as one record on " + TOPICS.deployments(), began);
    }

    private void call(String method, String path, String body) throws IOException, InterruptedException {
        var began = System.nanoTime();
        var request = HttpRequest.newBuilder(base.resolve(path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        require(answer.statusCode() == 200, path + " answered " + new String(answer.body(), UTF_8));
        var type = answer.headers().firstValue("content-type").orElse("");
        var shown = type.startsWith("image/")
                ? "%s, %d bytes".formatted(type, answer.body().length)
                : new String(answer.body(), UTF_8).strip();
        say(method + " " + path, shown, began);
    }

    private void publish(String name, String body) throws Exception {
        try (var admin = kafka.admin()) {
            admin.createTopics(List.of(new NewTopic(REPLIES, 1, (short) 1)))
                    .all()
                    .get();
        }
        var began = System.nanoTime();
        var event = new ProducerRecord<>(TOPICS.entry("local"), (byte[]) null, body.getBytes(UTF_8));
        event.headers()
                .add("ce_photonfunction", name.getBytes(UTF_8))
                .add("ce_photonreplytopic", REPLIES.getBytes(UTF_8));
        send(event);
        say("published to " + TOPICS.entry("local"), firstReply(), began);
    }

    private String firstReply() {
        var partition = new TopicPartition(REPLIES, 0);
        try (var consumer = kafka.consumer("demo", Map.of("auto.offset.reset", "earliest"))) {
            consumer.assign(List.of(partition));
            var until = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < until) {
                for (var source : consumer.poll(Duration.ofMillis(200))) {
                    if (ReplyCodec.decode(source) instanceof Decoded.Valid<Reply> valid
                            && valid.value().outcome() instanceof Reply.Answer answer) {
                        return "reply on %s: %s".formatted(REPLIES, new String(answer.body(), UTF_8).strip());
                    }
                }
            }
        }
        throw new IllegalStateException("no reply came on " + REPLIES);
    }

    private void send(ProducerRecord<byte[], byte[]> message) throws Exception {
        try (var producer = kafka.producer("demo", Map.of("max.block.ms", "5000"))) {
            producer.send(message).get();
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private byte[] module(String name) throws IOException {
        return Files.readAllBytes(examples.resolve(name).resolve(name + ".wasm"));
    }

    private byte[] toml(String name) throws IOException {
        return Files.readAllBytes(examples.resolve(name).resolve("photoniq.toml"));
    }

    private static void require(boolean held, String otherwise) {
        if (!held) {
            throw new IllegalStateException(otherwise);
        }
    }

    private static void say(String what, String answer, long began) {
        var millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        System.out.printf("%-36s %5d ms  %s%n", what, millis, answer.replace("\n", "\n" + " ".repeat(47)));
    }
}
