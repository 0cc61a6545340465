package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Header;
import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTest {

    @Test
    void forwardsFieldsInOrderWithNamesInLowerCase() {
        var fields = MultiMap.caseInsensitiveMultiMap()
                .add("Accept", "text/html")
                .add("X-Tag", "1")
                .add("x-tag", "2")
                .add("Content-Type", "text/plain");

        assertThat(Http.forwarded(fields))
                .containsExactlyInAnyOrder(
                        new Header("accept", "text/html"),
                        new Header("x-tag", "1"),
                        new Header("x-tag", "2"),
                        new Header("content-type", "text/plain"))
                .containsSubsequence(new Header("x-tag", "1"), new Header("x-tag", "2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "Proxy-Authenticate",
                "Proxy-Authorization",
                "TE",
                "Trailer",
                "Transfer-Encoding",
                "Upgrade",
                "Expect",
                "Content-Length",
                "Kafka-Topic",
                "kafka-key-base64",
                "Photon-Attempt",
                "photon-redelivered"
            })
    void fieldsOfOneConnectionAndThoseOfRecordsGoNoFurther(String name) {
        assertThat(Http.forwarded(MultiMap.caseInsensitiveMultiMap().add(name, "a")))
                .isEmpty();
    }

    @Test
    void credentialsAreForUsAlone() {
        assertThat(Http.forwarded(MultiMap.caseInsensitiveMultiMap().add("Authorization", "apikey secret")))
                .isEmpty();
    }

    /** RFC 9110, section 7.6.1: what the connection field names is of this connection too. */
    @Test
    void fieldsThatTheConnectionFieldNamesGoNoFurther() {
        var fields = MultiMap.caseInsensitiveMultiMap()
                .add("Connection", "close, X-Hop")
                .add("X-Hop", "1")
                .add("Accept", "*/*");

        assertThat(Http.forwarded(fields)).containsExactly(new Header("accept", "*/*"));
    }

    @Test
    void whatARequestCannotDoWithoutIsPassedOnThoughTheConnectionFieldNamesIt() {
        var fields = MultiMap.caseInsensitiveMultiMap()
                .add("Connection", "Host, content-length, AUTHORIZATION")
                .add("Host", "shop.example")
                .add("Content-Length", "5")
                .add("Authorization", "apikey k");

        assertThat(Http.passedOn(fields))
                .extracting(Header::name)
                .containsExactlyInAnyOrder("host", "content-length", "authorization");
    }
}
