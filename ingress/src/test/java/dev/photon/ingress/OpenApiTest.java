package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The document and the paths that are served are two views of one thing. */
class OpenApiTest {
    /** Standing for all methods, as the document says in words. */
    private static final Set<String> ANY = Set.of("get", "post");

    private static final Set<String> NO_METHODS = Set.of("parameters");
    private static final Pattern REFERENCE = Pattern.compile("\"#/components/(\\w+)/(\\w+)\"");

    private final JsonObject document = new JsonObject(OpenApi.document());

    @Test
    void everyPathIsDocumentedAndEveryDocumentedPathIsThere() {
        var served = Arrays.stream(Endpoint.values())
                .collect(Collectors.groupingBy(
                        Endpoint::path,
                        Collectors.flatMapping(endpoint -> methods(endpoint).stream(), Collectors.toSet())));
        Map<String, Set<String>> documented = document.getJsonObject("paths").stream()
                .collect(Collectors.toMap(Map.Entry::getKey, path -> methods((JsonObject) path.getValue())));

        assertThat(documented).isEqualTo(served);
    }

    private static Set<String> methods(Endpoint endpoint) {
        return endpoint.method()
                .map(method -> Set.of(method.name().toLowerCase(Locale.ROOT)))
                .orElse(ANY);
    }

    private static Set<String> methods(JsonObject path) {
        return path.fieldNames().stream()
                .filter(name -> !NO_METHODS.contains(name))
                .collect(Collectors.toSet());
    }

    @Test
    void nothingIsSaidTwice() throws IOException {
        try (var parser = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build()
                .createParser(OpenApi.document())) {
            var last = parser.nextToken();
            for (var token = last; token != null; token = parser.nextToken()) {
                last = token;
            }
            assertThat(last).isEqualTo(JsonToken.END_OBJECT);
        }
    }

    @Test
    void whatItRefersToIsThere() {
        var components = document.getJsonObject("components");

        assertThat(REFERENCE.matcher(OpenApi.document()).results().toList())
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                components.getJsonObject(reference.group(1)).containsKey(reference.group(2)))
                        .as(reference.group())
                        .isTrue());
    }
}
