package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FreshnessTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/index-BqX9a7Zk.js",
                "/assets/index-DiwrgTd4.css",
                "/main.3f2a91bc.js",
                "/static/js/main.8d9c2b1f.chunk.js",
                "/img/logo.5d5d9eefa31e5e13a6610d9fa7a283bb.svg",
            })
    void aNameWithAHashNeverChangesItsContent(String path) {
        assertThat(Freshness.cacheControl(path, true)).isEqualTo("public, max-age=31536000, immutable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/index.html",
                "/app.js",
                "/jquery-3.7.1.min.js",
                "/report-20240101.pdf",
                "/fontawesome5.css",
                "/font-awesome5.css",
                "/my-deadbeef.txt",
                "/0a1b2c3d/app.js",
                "/photo-holidays.jpg",
            })
    void otherNamesAreAskedForAgain(String path) {
        assertThat(Freshness.cacheControl(path, true)).isEqualTo("public, no-cache");
    }

    @Test
    void whatNeedsAKeyIsForTheClientAlone() {
        assertThat(Freshness.cacheControl("/index.html", false)).isEqualTo("private, no-cache");
    }
}
