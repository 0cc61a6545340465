package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorsRulesTest {
    @ParameterizedTest
    @CsvSource({
        "https://a.example,          https://a.example,          true",
        "https://a.example,          http://a.example,           false",
        "https://a.example,          https://a.example:8443,     false",
        "https://a.example,          https://b.a.example,        false",
        "https://*.a.example,        https://b.a.example,        true",
        "https://*.a.example,        https://c.b.a.example,      true",
        "https://*.a.example,        https://a.example,          false",
        "https://*.a.example,        https://.a.example,         false",
        "https://*.a.example,        https://evila.example,      false",
        "https://*.a.example,        http://b.a.example,         false",
        "https://*.a.example:8443,   https://b.a.example:8443,   true",
        "https://*.a.example:8443,   https://b.a.example,        false",
        "https://*.a.example,        https://b.a.example.evil,   false",
        "*,                          null,                       true",
        "https://a.example,          null,                       false"
    })
    void anOriginIsAllowedByItsName(String allowed, String origin, boolean is) {
        var rules = new CorsRules(List.of(allowed), Set.of(), List.of(), List.of(), false, 0);

        assertThat(rules.allows(origin)).isEqualTo(is);
    }
}
