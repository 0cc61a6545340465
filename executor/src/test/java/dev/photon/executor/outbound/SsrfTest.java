package dev.photon.executor.outbound;

import static dev.photon.executor.outbound.TestingOutbound.request;
import static dev.photon.executor.outbound.TestingOutbound.summary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.executor.outbound.OutboundRequest.Redirects;
import dev.photon.registry.Manifest;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile guest, a hostile server or a hostile name server may try: a request to where none should go. */
class SsrfTest {
    private final TestingOutbound outbound = new TestingOutbound();
    private final int port = outbound.serve(request -> request.response().end("inside"));

    @AfterEach
    void close() {
        outbound.close();
    }

    private void assertUntouched() {
        assertThat(outbound.connections).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:PORT/",
                "http://[::1]:PORT/",
                "http://[0:0:0:0:0:0:0:1]:PORT/",
                "http://[::]:PORT/",
                "http://0.0.0.0:PORT/",
                "http://169.254.169.254/latest/meta-data/",
                "http://localhost:PORT/",
                "http://LOCALHOST.:PORT/"
            })
    void refusesWhatIsNotListed(String url) throws Exception {
        outbound.operatorAllows().allows("good.example");

        var result = outbound.get(url.replace("PORT", "" + port));

        assertThat(summary(result)).isEqualTo("NOT_ALLOWED");
        assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.1",
                "169.254.169.254",
                "192.168.1.1",
                "100.64.0.1",
                "168.63.129.16",
                "0.0.0.0",
                "[::1]",
                "[fd00:ec2::254]",
                "[fe80::1]"
            })
    void refusesALiteralAddressInsideThoughItIsListed(String address) throws Exception {
        outbound.operatorAllows().allows(address, address + ":" + port);

        var result = outbound.get("http://%s:%d/".formatted(address, port));

        assertThat(summary(result)).isEqualTo("ADDRESS_REFUSED");
        assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433",
                "017700000001",
                "0x7f000001",
                "0177.0.0.1",
                "0x7f.1",
                "0x7f.0x0.0x0.0x1",
                "127.1",
                "127.0.1",
                "127.0.0.01",
                "127.0.0.1.",
                "127。0。0。1",
                "①②⑦.0.0.1",
                "%31%32%37.0.0.1",
                "256.0.0.1",
                "good.example.0x",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::127.0.0.1]",
                "[fe80::1%25lo]",
                "[::1",
                "::1",
                "[v1.a]"
            })
    void refusesEveryOtherNotationOfAnAddress(String host) throws Exception {
        outbound.allows("127.0.0.1:" + port, "*.example:" + port, host + ":" + port);

        var result = outbound.get("http://%s:%d/".formatted(host, port));

        assertThat(summary(result)).isIn("BAD_REQUEST", "ADDRESS_REFUSED");
        assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://good.example@127.0.0.1:PORT/",
                "http://good.example:80@127.0.0.1:PORT/",
                "http://user:secret@good.example/",
                "http://@good.example/",
                "http://good.example\\@127.0.0.1:PORT/",
                "http://127.0.0.1:PORT\\@good.example/",
                "http:\\\\127.0.0.1:PORT/",
                "http:/127.0.0.1:PORT/",
                "http:127.0.0.1:PORT/",
                "http:///127.0.0.1:PORT/",
                "//127.0.0.1:PORT/",
                "127.0.0.1:PORT/",
                "http://127.0.0.1:PORT#@good.example/",
                "http://good.example:80:PORT/",
                "http://good.example:99999/",
                "http://good.example:-1/",
                "http://good.example:0/",
                "http://good.example /",
                "http://good.example\t.127.0.0.1/",
                "http://good.example/\r\nHost: 127.0.0.1",
                "http://good.example\u0000.evil.example/",
                "http://good.example%00.evil.example/",
                "http://good.example%2f@127.0.0.1/",
                "http://good..example/",
                "http://.good.example/",
                "http://-good.example/",
                "http://good_host.example/",
                "file:///etc/passwd",
                "ftp://good.example/",
                "gopher://good.example/",
                "jar:http://good.example/!/",
                "javascript:alert(1)",
                "http://",
                "http://?",
                ""
            })
    void refusesAUrlThatParsersDisagreeAbout(String url) throws Exception {
        outbound.allows("good.example", "good.example:" + port);
        outbound.resolver.answer("good.example", "127.0.0.1");

        var result = outbound.get(url.replace("PORT", "" + port));

        assertThat(summary(result)).isIn("BAD_REQUEST", "NOT_ALLOWED");
        assertUntouched();
    }

    @Test
    void refusesANameThatResolvesToAnAddressInside() throws Exception {
        outbound.operatorAllows().allows("rebind.example:" + port);
        outbound.resolver.answer("rebind.example", "127.0.0.1");

        var result = outbound.get("http://rebind.example:%d/".formatted(port));

        assertThat(summary(result)).isEqualTo("ADDRESS_REFUSED");
        assertUntouched();
    }

    @Test
    void refusesANameOneOfWhoseAddressesIsInside() throws Exception {
        outbound.operatorAllows().allows("both.example:" + port);
        outbound.resolver.answer("both.example", "93.184.215.14", "127.0.0.1");

        var result = outbound.get("http://both.example:%d/".formatted(port));

        assertThat(summary(result)).isEqualTo("ADDRESS_REFUSED");
        assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(strings = {"64:ff9b::7f00:1", "2002:7f00:1::1", "2001:0:7f00:1::1", "fd00:ec2::254", "::1", "::"})
    void refusesANameThatResolvesToAnAddressInsideByWayOfIpv6(String address) throws Exception {
        outbound.operatorAllows().allows("six.example:" + port);
        outbound.resolver.answer("six.example", address);

        var result = outbound.get("http://six.example:%d/".formatted(port));

        assertThat(summary(result)).isEqualTo("ADDRESS_REFUSED");
    }

    /** The second answer is never asked for, so the connection goes where the first one said. */
    @Test
    void connectsToTheAddressThatWasChecked() throws Exception {
        outbound.operatorAllows("127.0.0.1/32").allows("rebind.example:" + port);
        outbound.resolver.answer("rebind.example", "127.0.0.1").answer("rebind.example", "127.0.0.2");

        var result = outbound.get("http://rebind.example:%d/".formatted(port));

        assertThat(summary(result)).isEqualTo("200 inside");
        assertThat(outbound.resolver.asked()).containsExactly("rebind.example");
    }

    /** The same with questions and answers of DNS: the address that was checked is not asked for again. */
    @Test
    void aNameServerThatChangesItsMindChangesNothingOfACall() throws Exception {
        try (var server = new TestingNameServer("127.0.0.1").then("127.0.0.2")) {
            outbound.asks(server, "127.0.0.1/32").allows("rebind.example:" + port);
            assertThat(summary(outbound.get("http://rebind.example:%d/".formatted(port))))
                    .isEqualTo("200 inside");
            assertThat(outbound.connections).hasValue(1);

            // Another process: nothing is kept of the first answer.
            outbound.asks(server, "127.0.0.1/32");
            assertThat(summary(outbound.get("http://rebind.example:%d/".formatted(port))))
                    .isEqualTo("ADDRESS_REFUSED");
            assertThat(outbound.connections).hasValue(1);
        }
    }

    @Test
    void checksANameAnewAtEachCall() throws Exception {
        outbound.operatorAllows("127.0.0.1/32").allows("rebind.example:" + port);
        outbound.resolver.answer("rebind.example", "127.0.0.1").answer("rebind.example", "127.0.0.2");
        assertThat(summary(outbound.get("http://rebind.example:%d/".formatted(port))))
                .isEqualTo("200 inside");

        var again = outbound.get("http://rebind.example:%d/".formatted(port));

        assertThat(summary(again)).isEqualTo("ADDRESS_REFUSED");
    }

    /** A pooled connection to an address is not found by a name that resolves to another. */
    @Test
    void doesNotReuseAConnectionForAnotherAddress() throws Exception {
        var hosts = new ConcurrentLinkedQueue<String>();
        var shared = outbound.serve(request -> {
            hosts.add(request.localAddress().hostAddress() + " "
                    + request.authority().host());
            request.response().end();
        });
        outbound.allows("one.example:" + shared, "two.example:" + shared);
        outbound.resolver.answer("one.example", "127.0.0.1").answer("two.example", "127.0.0.1");

        outbound.get("http://one.example:%d/".formatted(shared));
        outbound.get("http://two.example:%d/".formatted(shared));
        outbound.get("http://one.example:%d/".formatted(shared));

        assertThat(hosts).containsExactly("127.0.0.1 one.example", "127.0.0.1 two.example", "127.0.0.1 one.example");
        assertThat(outbound.connections).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:PORT/",
                "//127.0.0.1:PORT/",
                "http://elsewhere.example:PORT/",
                "https://good.example:PORT/",
                "http://inside.example:PORT/",
                "http://user@good.example:PORT/",
                "http://2130706433:PORT/",
                "\\\\127.0.0.1:PORT/",
                "file:///etc/passwd"
            })
    void checksEveryRedirectAnew(String location) throws Exception {
        var redirecting = outbound.serve(request -> request.response()
                .setStatusCode(302)
                .putHeader(HttpHeaders.LOCATION, location.replace("PORT", "" + port))
                .end());
        outbound.allows("good.example:" + redirecting, "inside.example:" + port);
        outbound.resolver.answer("good.example", "127.0.0.1").answer("inside.example", "127.0.0.2");

        var result = outbound.get("http://good.example:%d/".formatted(redirecting));

        assertThat(summary(result)).isIn("NOT_ALLOWED", "ADDRESS_REFUSED", "BAD_REQUEST");
        assertThat(outbound.connections).hasValue(1);
    }

    @Test
    void aRedirectIsResolvedAndCheckedAnewThoughTheHostIsTheSame() throws Exception {
        var redirecting = outbound.serve(request -> request.response()
                .setStatusCode(307)
                .putHeader(HttpHeaders.LOCATION, "/next")
                .end());
        outbound.allows("good.example:" + redirecting);
        outbound.resolver.answer("good.example", "127.0.0.1").answer("good.example", "10.0.0.1");

        var result = outbound.get("http://good.example:%d/".formatted(redirecting));

        assertThat(summary(result)).isEqualTo("ADDRESS_REFUSED");
        assertThat(outbound.resolver.asked()).hasSize(2);
    }

    @Test
    void nothingIsAllowedByDefault() throws Exception {
        outbound.manifest(Manifest.Outbound.NONE);

        assertThat(summary(outbound.get("https://good.example/"))).isEqualTo("NOT_ALLOWED");
        assertThat(outbound.resolver.asked()).isEmpty();
    }

    @Test
    void aNameThatIsNotAllowedIsNotEvenLookedUp() throws Exception {
        outbound.allows("good.example");

        outbound.send(
                new OutboundRequest("GET", "http://secret.evil.example/", List.of(), new byte[0], Redirects.FOLLOW),
                TestingOutbound.PLENTY);

        assertThat(outbound.resolver.asked()).isEmpty();
    }

    @Test
    void aMethodThatIsNotAllowedIsRefused() throws Exception {
        outbound.manifest(new Manifest.Outbound(Set.of("GET"), List.of("good.example:" + port), true));
        outbound.resolver.answer("good.example", "127.0.0.1");

        var result = outbound.send(request("POST", "http://good.example:%d/".formatted(port)), TestingOutbound.PLENTY);

        assertThat(summary(result)).isEqualTo("NOT_ALLOWED");
        assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "TRACE", "GET /other", "GET\r\nX: y", "", "G\u00cbT"})
    void aMethodThatWouldDoMoreThanFetchIsRefused(String method) throws Exception {
        outbound.manifest(new Manifest.Outbound(Set.of(method), List.of("good.example:" + port), true));
        outbound.resolver.answer("good.example", "127.0.0.1");

        var result = outbound.send(request(method, "http://good.example:%d/".formatted(port)), TestingOutbound.PLENTY);

        assertThat(summary(result)).isEqualTo("BAD_REQUEST");
        assertUntouched();
    }
}
