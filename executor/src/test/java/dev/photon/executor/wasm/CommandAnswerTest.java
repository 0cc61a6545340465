package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import org.junit.jupiter.api.Test;

class CommandAnswerTest {
    private static final int MOST = 2_000_000;
    private static final String EVENTS = "Status: 201 Made\nContent-Type: text/event-stream\n\n";

    private final LinearMemory memory = new LinearMemory(new MemoryLimits(20, 20));
    private final TestingLargeAnswer large = new TestingLargeAnswer();

    private CommandAnswer answer(int limit) {
        return new CommandAnswer(limit, large, true, bytes -> true);
    }

    private void write(CommandAnswer answer, String text) {
        var bytes = text.getBytes(UTF_8);
        memory.write(0, bytes, 0, bytes.length);
        answer.append(memory, 0, bytes.length);
    }

    @Test
    void isOneWhenItIsSmallAndQuick() {
        var answer = answer(MOST);

        write(answer, "Content-Type: text/plain\n\nall ");
        write(answer, "of it");

        assertThat(((Reply.Answer) answer.outcome(status -> {})).body()).isEqualTo("all of it".getBytes(UTF_8));
        assertThat(large.parts()).isEmpty();
    }

    @Test
    void isPassedOnPartByPartWhenItsTypeIsOfEvents() {
        var answer = answer(MOST);

        write(answer, EVENTS + "data: 1\n\n");
        assertThat(large.body()).isEqualTo("data: 1\n\n".getBytes(UTF_8));
        write(answer, "data: 2\n\n");

        assertThat(large.parts()).containsExactly(9, 9);
        assertThat(large.status()).isEqualTo(201);
        assertThat(large.headers()).containsExactly(new Header("content-type", "text/event-stream"));
        assertThat(answer.outcome(status -> {})).isEqualTo(TestingLargeAnswer.OUTCOME);
    }

    @Test
    void isRecognisedByteByByte() {
        var answer = answer(MOST);

        (EVENTS + "data").chars().forEach(character -> write(answer, Character.toString(character)));

        assertThat(large.parts()).containsExactly(1, 1, 1, 1);
    }

    @Test
    void isNotOfEventsBecauseItsBodyOrAnotherFieldSpeaksOfThem() {
        var answer = answer(MOST);

        write(answer, "Content-Type: text/plain\nX-Like: text/event-stream\n\ntext/event-stream");

        assertThat(large.parts()).isEmpty();
    }

    @Test
    void isPassedOnWholeWhenItOutgrowsARecord() {
        var answer = answer(MOST);
        write(answer, "A: 1\n\n");

        for (int written = 0; written < 1_500_000; written += 50_000) {
            answer.append(memory, 65_536, 50_000);
        }

        assertThat(large.body()).hasSize(1_500_000);
        assertThat(answer.outcome(status -> {})).isEqualTo(TestingLargeAnswer.OUTCOME);
    }

    @Test
    void endsAtItsLimit() {
        var answer = answer(MOST);
        write(answer, "A: 1\n\n");
        answer.append(memory, 0, 1_000_000);
        answer.append(memory, 0, 999_994);

        assertThatThrownBy(() -> answer.append(memory, 0, 1)).isInstanceOf(AnswerTooLarge.class);
    }

    @Test
    void staysWithinARecordWhenItsLimitIsLower() {
        var answer = answer(1_000);
        write(answer, "A: 1\n\n");

        assertThatThrownBy(() -> answer.append(memory, 0, 995)).isInstanceOf(AnswerTooLarge.class);
        assertThat(large.parts()).isEmpty();
    }

    @Test
    void isNoneWhenALargeOneHasNoHeader() {
        var answer = answer(MOST);

        assertThatThrownBy(() -> answer.append(memory, 0, 1_000_000)).isInstanceOf(BadAnswer.class);
    }

    @Test
    void isNotPassedOnWhereNobodyTakesIt() {
        var answer = new CommandAnswer(MOST, LargeAnswer.NONE, true, bytes -> true);

        write(answer, EVENTS + "data: 1\n\n");

        assertThat(answer.outcome(status -> {})).isInstanceOf(Reply.Answer.class);
    }
}
