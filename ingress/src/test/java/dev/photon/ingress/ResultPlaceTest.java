package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultPlaceTest {
    private static final String ID = "0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsWrittenIsReadTheSame(boolean open) {
        var place = new ResultPlace(9_999, Long.MAX_VALUE >> 4, ID, open);
        var path = place.path();

        assertThat(ResultPlace.parse(path.substring(path.lastIndexOf('/') + 1))).contains(place);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1-2",
                "1-2-3",
                "-1-2-" + ID,
                "1--2-" + ID,
                "12345-2-" + ID,
                "1-1234567890abcdef-" + ID,
                "1-2-" + ID + "0",
                "1-2-" + ID + "-",
                "1-2-" + ID + "-open",
                "1-2-g" + ID
            })
    void anythingElseIsNone(String text) {
        assertThat(ResultPlace.parse(text)).isEmpty();
    }
}
