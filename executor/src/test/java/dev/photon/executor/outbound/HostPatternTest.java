package dev.photon.executor.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {

    @ParameterizedTest
    @CsvSource({
        "api.example.com,         https://api.example.com/",
        "API.Example.com.,        https://api.EXAMPLE.com./x?y",
        "api.example.com,         http://api.example.com:80/",
        "api.example.com:443,     https://api.example.com/",
        "api.example.com:8443,    https://api.example.com:8443/",
        "*.example.com,           https://a.example.com/",
        "*.example.com,           https://a.b.example.com/",
        "*.EXAMPLE.com:8080,      http://a.example.com:8080/",
        "bücher.example,          https://xn--bcher-kva.example/",
        "xn--bcher-kva.example,   https://BÜCHER.example/",
        "*.bücher.example,        https://a.bücher.example/",
        "93.184.215.14,           https://93.184.215.14/",
        "[2606:4700::1111],       'https://[2606:4700:0:0::1111]/'",
    })
    void matches(String pattern, String url) throws CallFailed {
        assertThat(HostPattern.parse(pattern).matches(Destination.parse(url))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "api.example.com,       https://example.com/",
        "api.example.com,       https://api.example.com.evil.example/",
        "api.example.com,       https://evil-api.example.com/",
        "api.example.com,       https://x.api.example.com/",
        "api.example.com,       https://api.example.com:8443/",
        "api.example.com,       http://api.example.com:443/",
        "api.example.com:8443,  https://api.example.com/",
        "*.example.com,         https://example.com/",
        "*.example.com,         https://evilexample.com/",
        "*.example.com,         https://a.example.com:8443/",
        "*.example.com,         https://a.example.com.evil.example/",
        "*.1.example,           https://10.0.0.1/",
        "93.184.215.14,         https://93.184.215.15/",
    })
    void doesNotMatch(String pattern, String url) throws CallFailed {
        assertThat(HostPattern.parse(pattern).matches(Destination.parse(url))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "*.",
                "*.*.example",
                "a.*.example",
                "a*.example",
                "*.10.0.0.1",
                "*.0x1",
                "a b",
                "a:0",
                "a:65536",
                "a:",
                "a:b",
                "u@a",
                "http://a",
                "a/b",
                "[::1%lo]",
                "[::ffff:1.2.3.4]",
                "127.1",
                "a..b"
            })
    void isOnlyANameOrNamesBelowOne(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HostPattern.parse(text));
    }

    /** Whatever a guest writes is a destination or a refusal. */
    @Property(tries = 5_000)
    void everyTextIsAUrlOrIsRefused(@ForAll String garbage) {
        assertIsUrlOrRefused(garbage);
        assertIsUrlOrRefused("https://" + garbage);
        assertIsUrlOrRefused("https://good.example/" + garbage);
    }

    @Property(tries = 5_000)
    void everyTextOfAUrlsCharactersIsAUrlOrIsRefused(
            @ForAll @Chars({'a', 'x', '0', '1', '.', ':', '/', '@', '[', ']', '%', '-', '?', '#', '\u3002', '\u00df'})
                    String garbage) {
        assertIsUrlOrRefused("http://" + garbage);
        assertIsUrlOrRefused(garbage);
    }

    /** What is accepted reads the same when it is read again, so a check cannot mean another URL than a request. */
    private static void assertIsUrlOrRefused(String text) {
        try {
            var destination = Destination.parse(text);
            assertThat(Destination.parse(destination.url())).isEqualTo(destination);
            assertThat(destination.target()).startsWith("/").matches("[!-~]+");
            assertThat(destination.resolve(text)).isEqualTo(destination);
        } catch (CallFailed e) {
            assertThat(e.failure().kind()).isEqualTo(OutboundResult.Kind.BAD_REQUEST);
        }
    }
}
