package dev.photon.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.photon.executor.outbound.PublicAddresses;
import dev.photon.protocol.RegionConfig;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be said of the files themselves. */
class FilesTest {
    private static final Path FOLDER = Manifests.FOLDER;

    /** Patches, too: they say less, but nothing else. */
    @Test
    void everyDocumentIsWhatItsModelSays() throws IOException {
        for (var file : Manifests.yamlFiles(FOLDER)) {
            for (var document : Manifests.documents(Files.readString(file))) {
                if (!Manifests.isKustomization(file)) {
                    assertThat(Models.parse(document)).as(file.toString()).isNotNull();
                }
            }
        }
    }

    @Test
    void whatNoModelSaysIsFound() {
        var head = "apiVersion: apps/v1\nkind: Deployment\n";
        for (var wrong : List.of(
                "sepc: {replicas: 1}",
                "spec: {replicas: many}",
                "spec: {template: {spec: {containers: [{name: a, readinesProbe: {}}]}}}",
                "spec: {template: {spec: {containers: [{env: [{name: PORT, value: 8080}]}]}}}")) {
            var document = Manifests.documents(head + wrong).getFirst();
            assertThatThrownBy(() -> Models.parse(document)).isInstanceOf(IllegalArgumentException.class);
        }
        var user = Manifests.documents(
                        "apiVersion: kafka.strimzi.io/v1\nkind: KafkaUser\nspec: {authorisation: {type: simple}}")
                .getFirst();
        assertThatThrownBy(() -> Models.parse(user)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyFileIsPartOfAKustomizationAndEveryPartIsAFile() throws IOException {
        var parts = new HashSet<Path>();
        for (var file : kustomizations()) {
            for (var part : parts(Manifests.documents(Files.readString(file)).getFirst())) {
                var path = file.resolveSibling(part).normalize();
                assertThat(path).as("of " + file).exists();
                parts.add(Files.isDirectory(path) ? path.resolve("kustomization.yaml") : path);
            }
        }

        var written = new ArrayList<>(Manifests.yamlFiles(FOLDER));
        try (var all = Files.walk(FOLDER)) {
            all.filter(file -> file.toString().endsWith(".env")).forEach(written::add);
        }
        assertThat(written)
                .allSatisfy(file -> assertThat(parts.contains(file.normalize())
                                || file.getParent().getParent().endsWith("overlays"))
                        .as(file.toString())
                        .isTrue());
    }

    private static List<Path> kustomizations() throws IOException {
        return Manifests.yamlFiles(FOLDER).stream()
                .filter(Manifests::isKustomization)
                .toList();
    }

    private static List<String> parts(Map<String, Object> kustomization) {
        assertThat(kustomization.keySet())
                .isSubsetOf(
                        "apiVersion",
                        "kind",
                        "namespace",
                        "resources",
                        "components",
                        "configMapGenerator",
                        "images",
                        "replicas",
                        "patches");
        var parts = new ArrayList<>(texts(kustomization.get("resources")));
        parts.addAll(texts(kustomization.get("components")));
        for (var patch : maps(kustomization.get("patches"))) {
            if (!patch.containsKey("patch")) {
                parts.add((String) patch.get("path"));
            }
        }
        for (var generator : maps(kustomization.get("configMapGenerator"))) {
            parts.addAll(texts(generator.get("envs")));
        }
        return parts;
    }

    @SuppressWarnings("unchecked")
    private static List<String> texts(Object list) {
        return list == null ? List.of() : (List<String>) list;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> maps(Object list) {
        return list == null ? List.of() : (List<Map<String, Object>>) list;
    }

    /** Whatever a role has of its own is in its Deployment. */
    @Test
    void whatOverlaysSayOfARegionIsForEveryRole() throws IOException {
        try (var files = Files.walk(FOLDER)) {
            for (var file : files.filter(path -> path.endsWith("region.env")).toList()) {
                assertThat(RegionConfig.KEYS)
                        .as(file.toString())
                        .containsAll(Manifests.pairs(file).keySet());
            }
        }
    }

    /** What pods of functions may call is what the executor lets them call. */
    @Test
    void functionsCallThePublicInternetAlone() throws Exception {
        var blocks = Manifests.written().of(NetworkPolicy.class).stream()
                .flatMap(policy -> policy.getSpec().getEgress().stream())
                .flatMap(rule -> rule.getTo().stream())
                .flatMap(peer -> Stream.ofNullable(peer.getIpBlock()))
                .toList();

        assertThat(blocks).hasSize(2);
        for (var address : edges(blocks)) {
            var open = blocks.stream()
                    .anyMatch(block -> PublicAddresses.contain(block.getCidr(), address)
                            && block.getExcept().stream().noneMatch(range -> PublicAddresses.contain(range, address)));
            assertThat(open).as(address.toString()).isEqualTo(PublicAddresses.permit(address));
        }
    }

    /** The first and last address of each range, and those before and behind it. */
    private static Set<InetAddress> edges(List<IPBlock> blocks) throws IOException {
        var edges = new HashSet<InetAddress>();
        for (var block : blocks) {
            for (var range : Stream.concat(Stream.of(block.getCidr()), block.getExcept().stream())
                    .toList()) {
                var parts = range.split("/", -1);
                var first = InetAddress.ofLiteral(parts[0]);
                var bytes = first.getAddress().length;
                var size = BigInteger.ONE.shiftLeft(bytes * Byte.SIZE - Integer.parseInt(parts[1]));
                var start = new BigInteger(1, first.getAddress());
                var end = start.add(size);
                for (var edge : List.of(start.subtract(BigInteger.ONE), start, end.subtract(BigInteger.ONE), end)) {
                    if (edge.signum() >= 0 && edge.bitLength() <= bytes * Byte.SIZE) {
                        edges.add(address(edge, bytes));
                    }
                }
            }
        }
        return edges;
    }

    private static InetAddress address(BigInteger number, int bytes) throws IOException {
        var address = new byte[bytes];
        var digits = number.toByteArray();
        for (int index = 0; index < Math.min(bytes, digits.length); index++) {
            address[bytes - 1 - index] = digits[digits.length - 1 - index];
        }
        return InetAddress.getByAddress(address);
    }
}
