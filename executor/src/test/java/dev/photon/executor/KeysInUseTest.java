package dev.photon.executor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.executor.KeysInUse.Decision;
import dev.photon.protocol.CallKey;
import dev.photon.protocol.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class KeysInUseTest {
    private final Map<String, Long> kept = new ConcurrentHashMap<>();
    private final AtomicBoolean full = new AtomicBoolean();
    private final KeysInUse<String> keys =
            new KeysInUse<>(hash -> Optional.ofNullable(kept.get(hash)), hash -> full.get());

    private static CallKey key(String text, String payload) {
        var hash = CallKey.hash(new CallKey.Caller.Key("caller"), "function", text);
        return new CallKey(hash, Digest.of(payload.getBytes(UTF_8)));
    }

    private static final CallKey ONE = key("one", "payload");
    private static final CallKey OTHER = key("other", "payload");

    @Test
    void theFirstRunsAndTheRestWaitForIt() {
        assertThat(keys.decide(ONE, "first")).isEqualTo(new Decision.Run());
        assertThat(keys.decide(ONE, "second")).isEqualTo(new Decision.Wait());
        assertThat(keys.decide(key("one", "another"), "third")).isEqualTo(new Decision.Refuse());
        assertThat(keys.decide(OTHER, "fourth")).isEqualTo(new Decision.Run());

        assertThat(keys.end(ONE.hash())).containsExactly("second");
        assertThat(keys.decide(ONE, "fifth")).isEqualTo(new Decision.Run());
    }

    @Test
    void whatIsKeptIsReplayed() {
        kept.put(ONE.hash(), 7L);

        assertThat(keys.decide(ONE, "call")).isEqualTo(new Decision.Replay(7));
    }

    @Test
    void aKeyWhoseAnswerIsStoredDoesNotRunAgainBeforeTheAnswerIsRead() {
        keys.decide(ONE, "first");
        keys.decide(ONE, "second");

        assertThat(keys.late(ONE.hash())).containsExactly("second");
        assertThat(keys.decide(ONE, "third")).isEqualTo(new Decision.Unread());

        kept.put(ONE.hash(), 7L);
        assertThat(keys.end(ONE.hash())).isEmpty();
        assertThat(keys.decide(ONE, "fourth")).isEqualTo(new Decision.Replay(7));
    }

    @Test
    void noKeysAreAddedWhileAnswersCannotBeRead() {
        keys.decide(ONE, "first");
        keys.late(ONE.hash());
        keys.late(ONE.hash());

        assertThat(keys.decide(OTHER, "call")).isEqualTo(new Decision.Unread());
        keys.end(ONE.hash());
        assertThat(keys.decide(OTHER, "call")).isEqualTo(new Decision.Run());
    }

    @Test
    void noKeysAreAddedWhileThereIsNoRoomAndThoseInUseAreWaitedFor() {
        keys.decide(ONE, "first");
        full.set(true);

        assertThat(keys.decide(OTHER, "call")).isEqualTo(new Decision.NoRoom());
        assertThat(keys.decide(ONE, "second")).isEqualTo(new Decision.Wait());
    }
}
