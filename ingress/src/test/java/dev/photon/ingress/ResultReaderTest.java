package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.KafkaConnection;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class ResultReaderTest {
    private static final ResultPlace PLACE = new ResultPlace(0, 0, "0123456789abcdef0123456789abcdef", true);

    @Test
    void whoeverAsksHearsOfTheEndAlthoughKafkaIsAway() {
        Queue<ResultReader.Found> told = new ConcurrentLinkedQueue<>();
        var taken = new ArrayList<Boolean>();
        try (var reader = new ResultReader(new KafkaConnection("127.0.0.1:1"), "results", "test")) {
            for (int asked = 0; asked < 10; asked++) {
                taken.add(reader.find(PLACE, told::add));
            }
        }

        assertThat(taken).doesNotContain(false);
        assertThat(told).hasSize(10).containsOnly(new ResultReader.Found.Unknown());
    }
}
