package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Digest;
import dev.photon.protocol.InvocationIds;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HopTest {
    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final String TEXT = "us-east; id=" + ID + "; version=1.2.0-rc.1+b; millis=14950";

    private static final HopSeal SEAL = new HopSeal(Digest.of("0123456789abcdef".getBytes(UTF_8)));
    private static final HopSeal OTHERS = new HopSeal(Digest.of("fedcba9876543210".getBytes(UTF_8)));

    private final PendingReplies pending = new PendingReplies();

    @Test
    void isReadAsItIsWritten() {
        var hop = new Hop("us-east", Optional.of(ID), Optional.of("1.2.0-rc.1+b"), 14_950, false);

        assertThat(hop.text()).isEqualTo(TEXT);
        assertThat(Hop.parse(TEXT)).isEqualTo(hop);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "; ;=",
                "id=" + ID,
                "us; id=0123456789ABCDEF0123456789ABCDEF",
                "us; id=" + ID + "0",
                "us; id=../../etc/passwd",
                "us; id=",
                "us; version=; millis=soon"
            })
    void whatIsNotUnderstoodIsNotSaid(String text) {
        var hop = Hop.parse(text);

        assertThat(hop.id()).isEmpty();
        assertThat(hop.version()).isEmpty();
        assertThat(hop.atMost(5_000)).isEqualTo(5_000);
    }

    @Test
    void whatIsSealedIsBelieved() {
        var sealed = SEAL.seal(TEXT, "/fn/shop");

        assertThat(Hop.of(sealed, "/fn/shop", Optional.of(SEAL))).isEqualTo(Hop.parse(TEXT));
    }

    @Test
    void thatFramesAreUnderstoodIsBelievedWithASealAlone() {
        var framed = TEXT + "; framed=1";

        assertThat(Hop.parse(framed).text()).isEqualTo(framed);
        assertThat(Hop.of(SEAL.seal(framed, "/fn/shop"), "/fn/shop", Optional.of(SEAL))
                        .framed())
                .isTrue();
        assertThat(Hop.of(framed, "/fn/shop", Optional.of(SEAL)).framed()).isFalse();
        assertThat(Hop.parse(TEXT).framed()).isFalse();
    }

    @Test
    void onlyThatItGoesNoFurtherAndItsTimeAreBelievedWithoutASeal() {
        assertThat(List.of(
                        Hop.of(TEXT, "/fn/shop", Optional.of(SEAL)),
                        Hop.of(TEXT + "; proof=00", "/fn/shop", Optional.of(SEAL)),
                        Hop.of(SEAL.seal(TEXT, "/fn/other"), "/fn/shop", Optional.of(SEAL)),
                        Hop.of(SEAL.seal(TEXT, "/fn/shop") + "; version=9", "/fn/shop", Optional.of(SEAL)),
                        Hop.of(OTHERS.seal(TEXT, "/fn/shop"), "/fn/shop", Optional.of(SEAL)),
                        Hop.of(SEAL.seal(TEXT, "/fn/shop"), "/fn/shop", Optional.empty())))
                .containsOnly(new Hop("us-east", Optional.empty(), Optional.empty(), 14_950, false));
    }

    @Test
    void theIdIsKept() {
        assertThat(Hop.parse(TEXT).idBeside(pending)).isEqualTo(ID);
    }

    @Test
    void anIdThatWaitsHereAlreadyIsReplaced() {
        var vertx = Vertx.vertx();
        pending.await(
                ID, new PendingReplies.Waiter(vertx.getOrCreateContext(), Long.MAX_VALUE, (outcome, version) -> {}));

        assertThat(Hop.parse(TEXT).idBeside(pending)).matches("[0-9a-f]{32}").isNotEqualTo(ID);
        TestingServer.join(vertx.close());
    }

    @Test
    void aCallWithoutAnIdGetsOne() {
        assertThat(Hop.parse("us").idBeside(pending)).hasSameSizeAs(InvocationIds.next());
    }

    @Test
    void theTimeIsShortenedAndNeverExtended() {
        assertThat(Hop.parse("us; millis=300").atMost(5_000)).isEqualTo(300);
        assertThat(Hop.parse("us; millis=9000000").atMost(5_000)).isEqualTo(5_000);
        assertThat(Hop.parse("us; millis=-1").atMost(5_000)).isOne();
    }
}
