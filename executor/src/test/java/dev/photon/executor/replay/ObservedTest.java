package dev.photon.executor.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObservedTest {
    private static final Observed.Effects NONE = Observed.Effects.of(new RefusedCalls(), new HeldEvents());
    private static final int LARGE = 10 << 20;

    private static Observed inParts(byte[] body, int part) {
        var digest = new AnswerDigest();
        digest.begin(200, List.of());
        for (int at = 0; at < body.length; at += part) {
            digest.write(body, at, Math.min(part, body.length - at));
        }
        return Observed.of(digest.end(), digest, NONE, 1);
    }

    private static Observed whole(byte[] body) {
        return Observed.of(new Reply.Answer(200, List.of(), body), new AnswerDigest(), NONE, 1);
    }

    @Test
    void anAnswerIsTheSameInParts() {
        var body = "answer".repeat(100).getBytes(UTF_8);

        assertThat(inParts(body, 7).differences(whole(body))).isEmpty();
    }

    @Test
    void keepsOfALargeAnswerItsDigestAndItsBeginning() {
        var body = new byte[LARGE];
        var kept = inParts(body, 65_536).answer().orElseThrow();
        body[LARGE - 1] = 1;
        var other = inParts(body, 1_000_003);

        assertThat(kept.size()).isEqualTo(LARGE);
        assertThat(kept.beginning()).hasSize(AnswerDigest.KEPT_BYTES);
        assertThat(whole(new byte[LARGE]).answer().orElseThrow().beginning()).hasSize(AnswerDigest.KEPT_BYTES);
        assertThat(other.differences(whole(new byte[LARGE]))).containsExactly("body");
    }
}
