package dev.photon.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.cli.Role;
import dev.photon.cli.RoleConfigs;
import dev.photon.cli.Roles;
import dev.photon.cli.TemporaryFolder;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Topics;
import dev.photon.protocol.UsageTotals;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Roles of a region, on brokers that are there already, and the few things that tests do with them. */
final class PhotonTester implements AutoCloseable {
    static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);
    private static final String BOUNDARY = "photon-test-boundary";
    private static final Path ROOT = Path.of(System.getProperty("photon.root", ".."));
    private static final byte[] WASM_HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};

    private final HttpClient http = HttpClient.newHttpClient();
    private final Place place;
    private final KafkaConnection kafka;
    private String key = "";

    private PhotonTester(Place place, KafkaConnection kafka) {
        this.place = place;
        this.kafka = kafka;
    }

    /** Where the roles are. */
    private interface Place extends Closeable {
        URI ingress();

        /** Pages of metrics, which together are the region's. */
        List<URI> meters();

        Roles roles();
    }

    private record Here(TemporaryFolder folder, Roles roles) implements Place {
        @Override
        public URI ingress() {
            return URI.create("http://127.0.0.1:" + roles.port().orElseThrow());
        }

        @Override
        public List<URI> meters() {
            return List.of(ingress().resolve("/metrics"));
        }

        @Override
        public void close() throws IOException {
            roles.close();
            folder.close();
        }
    }

    private record Elsewhere(URI ingress, List<URI> meters) implements Place {
        @Override
        public Roles roles() {
            throw new UnsupportedOperationException("they run elsewhere");
        }

        @Override
        public void close() {}
    }

    static PhotonTester start(String bootstrap) throws IOException, InterruptedException {
        return start(bootstrap, EnumSet.allOf(Role.class), Map.of());
    }

    static PhotonTester start(String bootstrap, Set<Role> which, Map<String, String> extra)
            throws IOException, InterruptedException {
        var folder = new TemporaryFolder();
        var settings = new HashMap<String, String>();
        settings.put("PHOTON_BOOTSTRAP", bootstrap);
        settings.put("PHOTON_PORT", "0");
        settings.put("PHOTON_ENTRIES", "local");
        settings.put("PHOTON_PARTITIONS", "4");
        settings.put("PHOTON_CACHE", folder.path().resolve("artifacts").toString());
        settings.putAll(extra);
        try {
            var roles = Roles.start(which, RoleConfigs.read(Map.of(), settings));
            return new PhotonTester(new Here(folder, roles), new KafkaConnection(bootstrap));
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /**
     * A region whose roles are there already.
     *
     * @param meters its roles' pages of metrics
     */
    static PhotonTester of(URI ingress, List<URI> meters, String bootstrap) {
        return new PhotonTester(new Elsewhere(ingress, meters), new KafkaConnection(bootstrap));
    }

    URI url(String path) {
        return URI.create(place.ingress() + path);
    }

    /** Where KEDA asks, when that was wanted. */
    int scalerPort() {
        return place.roles().scalerPort().orElseThrow();
    }

    /** Where the metrics have a port of their own, when one was asked for. */
    Optional<String> monitorUrl() {
        return place.roles().monitorUrl();
    }

    HttpResponse<String> monitor(String path) throws IOException, InterruptedException {
        var url = URI.create(place.roles().monitorUrl().orElseThrow() + path);
        return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
    }

    static byte[] guest(String name) throws IOException {
        return Files.readAllBytes(ROOT.resolve("e2e/src/test/resources/guests").resolve(name + ".wasm"));
    }

    static byte[] example(String name) throws IOException {
        var folder = ROOT.resolve("examples").resolve(name);
        var script = folder.resolve(name + ".js");
        return Files.readAllBytes(Files.exists(script) ? script : folder.resolve(name + ".wasm"));
    }

    static String exampleToml(String name) throws IOException {
        return Files.readString(ROOT.resolve("examples").resolve(name).resolve("photoniq.toml"));
    }

    static String toml(String name, String version) {
        return "name = \"%s\"%nversion = \"%s\"%n".formatted(name, version);
    }

    /** A module that is larger than it needs to be, by a custom section. */
    static byte[] padded(byte[] module, int size) {
        var padded = new ByteArrayOutputStream();
        padded.writeBytes(module);
        padded.write(0);
        leb128(padded, size);
        padded.write(1);
        padded.write('x');
        padded.writeBytes(new byte[size - 2]);
        return padded.toByteArray();
    }

    private static void leb128(ByteArrayOutputStream to, int value) {
        var left = value;
        while (left >= 0x80) {
            to.write((left & 0x7f) | 0x80);
            left >>>= 7;
        }
        to.write(left);
    }

    static byte[] emptyModule() {
        return WASM_HEADER.clone();
    }

    HttpResponse<String> deploy(byte[] module, String toml) throws IOException, InterruptedException {
        return deploy(Map.of("functionFile", module), toml);
    }

    /** A site without a function. */
    HttpResponse<String> deploy(TestingSite site, String toml) throws IOException, InterruptedException {
        return deploy(Map.of("staticAssets", site.zip()), toml);
    }

    HttpResponse<String> deploy(byte[] module, TestingSite site, String toml) throws IOException, InterruptedException {
        return deploy(Map.of("functionFile", module, "staticAssets", site.zip()), toml);
    }

    private HttpResponse<String> deploy(Map<String, byte[]> parts, String toml)
            throws IOException, InterruptedException {
        var form = new ByteArrayOutputStream();
        parts.forEach((name, content) -> part(form, name, content));
        part(form, "photoniqToml", toml.getBytes(UTF_8));
        form.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(UTF_8));
        return http.send(
                request("/api/faas/v1/deploy")
                        .header("content-type", "multipart/form-data; boundary=" + BOUNDARY)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(form.toByteArray()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void part(ByteArrayOutputStream form, String name, byte[] content) {
        form.writeBytes("--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n\r\n"
                .formatted(BOUNDARY, name, name)
                .getBytes(UTF_8));
        form.writeBytes(content);
        form.writeBytes("\r\n".getBytes(UTF_8));
    }

    /** Deploys a guest under its own name, whatever is deployed already. */
    void deployGuest(String name) throws IOException, InterruptedException {
        deployGuest(name, "");
    }

    void deployGuest(String name, String moreToml) throws IOException, InterruptedException {
        var answer = deploy(guest(name), toml(name, "1.0.0") + moreToml);
        if (answer.statusCode() != 200) {
            throw new AssertionError("deploying " + name + " answered " + answer.body());
        }
    }

    /** For all requests from now on; empty for none. */
    void useKey(String key) {
        this.key = key;
    }

    /** Whose changes these are, as the history says. */
    String caller() {
        return key.isEmpty() ? "http" : "operator";
    }

    /** What lets callers in, as a header's value. Where there are no keys, any does. */
    String authorization() {
        return "apikey " + (key.isEmpty() ? "secret" : key);
    }

    HttpRequest.Builder request(String path) {
        return request(url(path));
    }

    private HttpRequest.Builder request(URI url) {
        var request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(60));
        return key.isEmpty() ? request : request.header("authorization", "apikey " + key);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return http.send(
                request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<byte[]> post(String path, byte[] body) throws IOException, InterruptedException {
        return http.send(
                request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<String> put(String path, String body) throws IOException, InterruptedException {
        return http.send(
                request(path).PUT(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return http.send(request(path).DELETE().build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<byte[]> download(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpClient http() {
        return http;
    }

    /** What a meter says; zero when it does not exist yet. */
    double metric(String start) throws IOException, InterruptedException {
        var sum = 0.0;
        for (var page : place.meters()) {
            var answer = http.send(request(page).build(), HttpResponse.BodyHandlers.ofLines());
            sum += answer.body()
                    .filter(line -> line.startsWith(start))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
        return sum;
    }

    /** All that this ingress knows to have been used. */
    UsageTotals usage() throws IOException, InterruptedException {
        var answer = get("/api/faas/v1/usage/year");
        if (answer.statusCode() != 200) {
            throw new AssertionError("asking for the usage answered " + answer.body());
        }
        var sum = UsageTotals.NONE;
        for (var year : new JsonObject(answer.body()).getJsonArray("result")) {
            var metrics = ((JsonObject) year).getJsonObject("metrics");
            sum = sum.plus(new UsageTotals(
                    metrics.getLong("requests_count"),
                    metrics.getLong("errors_count"),
                    metrics.getLong("bytes_uploaded"),
                    metrics.getLong("bytes_downloaded")));
        }
        return sum;
    }

    void send(ProducerRecord<byte[], byte[]> message) throws Exception {
        try (var producer = kafka.producer("test", Map.of("max.block.ms", "5000"))) {
            producer.send(message).get();
        }
    }

    /** Which ends with a marker behind the record. */
    void sendInTransaction(ProducerRecord<byte[], byte[]> message) {
        try (var producer = kafka.producer("test", Map.of("transactional.id", "test-" + message.topic()))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(message);
            producer.commitTransaction();
        }
    }

    String newTopic(String name) throws Exception {
        return newTopic(name, Map.of());
    }

    String newTopic(String name, Map<String, String> policy) throws Exception {
        try (var admin = kafka.admin()) {
            var topic = new NewTopic(name, Optional.of(1), Optional.empty()).configs(policy);
            admin.createTopics(List.of(topic)).all().get();
        }
        return name;
    }

    /** The first records of a one-partition topic that are committed, as soon as there are so many. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
        var partition = new TopicPartition(topic, 0);
        var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        var settings = Map.of("auto.offset.reset", "earliest", "isolation.level", "read_committed");
        try (var consumer = kafka.consumer("test", settings)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (found.size() < count && System.nanoTime() < until) {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
        }
        if (found.size() < count) {
            throw new AssertionError("%d of %d records came on %s".formatted(found.size(), count, topic));
        }
        return found;
    }

    /** The names of all topics that there are, but Kafka's own. */
    Set<String> topics() throws Exception {
        try (var admin = kafka.admin()) {
            return admin.listTopics().names().get();
        }
    }

    /** All records that stand in a topic now and were committed, partition by partition. */
    List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        // What is asked next waits behind a fetch that finds nothing.
        var settings = Map.of(
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed",
                "fetch.max.wait.ms", "10");
        try (var consumer = kafka.consumer("test", settings)) {
            for (var info : consumer.partitionsFor(topic)) {
                var partition = new TopicPartition(topic, info.partition());
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                var end = consumer.endOffsets(List.of(partition)).get(partition);
                while (consumer.position(partition) < end) {
                    consumer.poll(Duration.ofMillis(200)).forEach(found::add);
                }
            }
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        http.shutdownNow();
        http.close();
        place.close();
    }
}
