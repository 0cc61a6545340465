package dev.photon.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The rights in Kafka that {@code k8s/RIGHTS.md} lists. */
record Rights(List<Right> all) {
    private static final Path TABLE =
            Path.of(System.getProperty("photon.root", "..")).resolve("k8s/RIGHTS.md");

    private static final String WITH_MIRROR_MAKER = "## With MirrorMaker 2";

    /** One operation on one resource, or on all whose names begin with its name. */
    record Right(String user, ResourcePattern resource, AclOperation operation) {
        AclBinding binding(String principal) {
            return new AclBinding(resource, new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
        }

        /** Whether it is what allowed this. */
        boolean covers(WatchedAuthorizer.Use use) {
            return use.user().equals(user)
                    && use.operation() == operation
                    && use.type() == resource.resourceType()
                    && (resource.patternType() == PatternType.LITERAL
                            ? use.name().equals(resource.name())
                            : use.name().startsWith(resource.name()));
        }
    }

    /** All that roles need, among other regions, too. */
    static Rights read() throws IOException {
        try (var lines = Files.lines(TABLE)) {
            return read(lines.takeWhile(line -> !line.equals(WITH_MIRROR_MAKER)));
        }
    }

    /** What is needed besides where MirrorMaker 2 makes the copies. */
    static Rights withMirrorMaker() throws IOException {
        try (var lines = Files.lines(TABLE)) {
            return read(lines.dropWhile(line -> !line.equals(WITH_MIRROR_MAKER)));
        }
    }

    private static Rights read(Stream<String> lines) {
        return new Rights(lines.filter(line -> line.startsWith("| ") && !line.startsWith("| user "))
                .flatMap(Rights::row)
                .toList());
    }

    private static Stream<Right> row(String line) {
        var cells = Stream.of(line.split("\\|", -1)).map(String::strip).toList();
        var name = cells.get(3).replace("`", "");
        var prefixed = name.endsWith("*");
        var resource = new ResourcePattern(
                ResourceType.fromString(cells.get(2).equals("transactionalId") ? "TRANSACTIONAL_ID" : cells.get(2)),
                prefixed ? name.substring(0, name.length() - 1) : name,
                prefixed ? PatternType.PREFIXED : PatternType.LITERAL);
        return Stream.of(cells.get(1).split(", ", -1))
                .flatMap(user -> Stream.of(cells.get(4).split(", ", -1))
                        .map(operation -> new Right(user, resource, operation(operation))));
    }

    private static AclOperation operation(String word) {
        return AclOperation.fromString(word.replaceAll("(?<=[a-z])(?=[A-Z])", "_"));
    }

    List<Right> of(String user) {
        return all.stream().filter(right -> right.user().equals(user)).toList();
    }
}
