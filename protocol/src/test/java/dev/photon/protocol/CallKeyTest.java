package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CallKeyTest {
    private static final Digest PAYLOAD = Digest.of(new byte[0]);

    @Test
    void callersFunctionsAndKeysDoNotGetInEachOthersWay() {
        var hashes = Stream.of(
                CallKey.hash(Optional.empty(), "f", "k"),
                CallKey.hash(Optional.of("a"), "f", "k"),
                CallKey.hash(Optional.of("b"), "f", "k"),
                CallKey.hash(Optional.of("a"), "g", "k"),
                CallKey.hash(Optional.of("a"), "f", "l"));

        assertThat(hashes).doesNotHaveDuplicates();
        assertThat(CallKey.hash(Optional.of("a"), "f", "k")).isEqualTo(CallKey.hash(Optional.of("a"), "f", "k"));
    }

    @Test
    void keysSpreadOverAllPartitions() {
        var partitions = IntStream.range(0, 200)
                .mapToObj(number -> new CallKey(CallKey.hash(Optional.empty(), "f", "k" + number), PAYLOAD))
                .map(key -> key.partition(4));

        assertThat(partitions.distinct()).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void aHashIsOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CallKey("f", PAYLOAD));
    }
}
