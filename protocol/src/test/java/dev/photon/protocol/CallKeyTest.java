package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CallKeyTest {
    private static final Digest PAYLOAD = Digest.of(new byte[0]);

    private static CallKey.Caller anybody(String credentials) {
        return new CallKey.Caller.Anybody(Digest.of(credentials.getBytes(UTF_8)));
    }

    @Test
    void callersFunctionsAndKeysDoNotGetInEachOthersWay() {
        var hashes = Stream.of(
                CallKey.hash(anybody("one"), "f", "k"),
                CallKey.hash(anybody("other"), "f", "k"),
                CallKey.hash(new CallKey.Caller.Key("a"), "f", "k"),
                CallKey.hash(new CallKey.Caller.Key("b"), "f", "k"),
                CallKey.hash(new CallKey.Caller.Key("a"), "g", "k"),
                CallKey.hash(new CallKey.Caller.Key("a"), "f", "l"));

        assertThat(hashes).doesNotHaveDuplicates();
        assertThat(CallKey.hash(anybody("one"), "f", "k")).isEqualTo(CallKey.hash(anybody("one"), "f", "k"));
    }

    @Test
    void keysSpreadOverAllPartitions() {
        var partitions = IntStream.range(0, 200)
                .mapToObj(number -> new CallKey(CallKey.hash(anybody(""), "f", "k" + number), PAYLOAD))
                .map(key -> key.partition(4));

        assertThat(partitions.distinct()).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void aHashTellsTheFunctionOfItsKey() {
        var one = CallKey.function(CallKey.hash(anybody("one"), "f", "k"));

        assertThat(CallKey.function(CallKey.hash(anybody("other"), "f", "l"))).isEqualTo(one);
        assertThat(CallKey.function(CallKey.hash(anybody("one"), "g", "k"))).isNotEqualTo(one);
    }

    @Test
    void aHashIsOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CallKey("f", PAYLOAD));
    }
}
