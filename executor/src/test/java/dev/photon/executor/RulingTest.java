package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulingTest {
    private static Ruling answered(int status) {
        return Ruling.of(new Reply.Answer(status, List.of(), new byte[0]));
    }

    private static Ruling failed(ErrorKind kind) {
        return Ruling.of(new Reply.Failure(kind, "why"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 302, 399})
    void anAnswerIsDone(int status) {
        assertThat(answered(status)).isInstanceOf(Ruling.Done.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 422, 499})
    void whatTheFunctionRefusesIsNotTriedAgain(int status) {
        assertThat(answered(status))
                .isEqualTo(new Ruling.Hopeless(ErrorKind.BAD_REQUEST, "the function answered " + status));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 599})
    void whatTheFunctionCannotDoNowIsTriedAgain(int status) {
        assertThat(answered(status))
                .isEqualTo(new Ruling.Failed(ErrorKind.FUNCTION_FAILED, "the function answered " + status));
    }

    @ParameterizedTest
    @EnumSource(names = {"FUNCTION_FAILED", "TIMEOUT", "ANSWER_TOO_LARGE", "INTERNAL", "OVERLOADED"})
    void aFailureIsTriedAgain(ErrorKind kind) {
        assertThat(failed(kind)).isEqualTo(new Ruling.Failed(kind, "why"));
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAVAILABLE", "NOT_FOUND"})
    void aFunctionThatIsNotThereDoesNotCount(ErrorKind kind) {
        assertThat(failed(kind)).isEqualTo(new Ruling.NotRun("why"));
    }

    @Test
    void aBadRequestIsNotTriedAgain() {
        assertThat(failed(ErrorKind.BAD_REQUEST)).isEqualTo(new Ruling.Hopeless(ErrorKind.BAD_REQUEST, "why"));
    }

    @Property
    void waitsDoubleUpToAMinuteOrTheFirstOne(
            @ForAll @IntRange(min = 1, max = 3_600_000) int first,
            @ForAll @IntRange(min = 1, max = 200) int failures,
            @ForAll long seed) {
        var whole = Math.min(Math.max(60_000.0, first), first * Math.pow(2, failures - 1.0));

        var millis = new Backoff(first).millis(failures, new Random(seed));

        assertThat(millis).isBetween((long) Math.ceil(whole / 2), (long) whole).isPositive();
    }
}
