package dev.photon.ingress.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.DeadLetter;
import dev.photon.protocol.ErrorKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.TopicPartition;

class SelectionTest {
    /** What the log says of a record: that it failed then, or that its dead letter is gone. */
    record Told(int offset, Optional<Integer> failedAt) {}

    @Property
    void thePagesAreTogetherWhatIsThere(
            @ForAll("logs") List<Told> log,
            @ForAll @IntRange(min = 1, max = 4) int limit,
            @ForAll boolean newestFirst) {
        var there = new HashMap<Integer, Summary>();
        log.forEach(told -> {
            there.remove(told.offset());
            told.failedAt().ifPresent(at -> there.put(told.offset(), letter(told.offset(), at)));
        });
        var order = Comparator.comparing(Summary::rank);

        assertThat(pages(log, limit, newestFirst))
                .containsExactlyElementsOf(there.values().stream()
                        .sorted(newestFirst ? order.reversed() : order)
                        .toList());
    }

    private static List<Summary> pages(List<Told> log, int limit, boolean newestFirst) {
        var all = new ArrayList<Summary>();
        var begin = Optional.<Rank>empty();
        do {
            var page = page(log, new Selection(newestFirst, begin, OptionalLong.empty(), limit));
            assertThat(page.letters()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page.letters());
            begin = page.next();
        } while (begin.isPresent());
        return all;
    }

    private static Selection page(List<Told> log, Selection selection) {
        for (var told : log) {
            var letter = letter(told.offset(), told.failedAt().orElse(0));
            if (told.failedAt().isPresent()) {
                selection.put(letter);
            } else {
                selection.remove(letter.id());
            }
        }
        return selection;
    }

    @Example
    void whatFindsNoRoomIsOnTheNextPageAlsoWhenRoomIsMadeLater() {
        var selection = new Selection(true, Optional.empty(), OptionalLong.empty(), 1);

        selection.put(letter(1, 10));
        selection.put(letter(2, 20));
        selection.remove(letter(2, 20).id());
        selection.put(letter(3, 5));

        assertThat(selection.letters()).isEmpty();
        assertThat(selection.next()).contains(letter(1, 10).rank());
    }

    @Example
    void whatFailedLaterIsLeftOut() {
        var selection = new Selection(false, Optional.empty(), OptionalLong.of(10), 5);

        selection.put(letter(1, 10));
        selection.put(letter(2, 8));
        selection.put(letter(3, 11));
        selection.put(letter(2, 12));

        assertThat(selection.letters()).containsExactly(letter(1, 10));
    }

    @Example
    void aRankIsReadAsItIsWritten() {
        var rank = letter(7, 1_000).rank();

        assertThat(rank).hasToString("1000/bill/orders/0/7");
        assertThat(Rank.parse(rank.toString())).contains(rank);
        for (var text : List.of("", "1000", "soon/bill/orders/0/7")) {
            assertThat(Rank.parse(text)).as(text).isEmpty();
        }
    }

    private static Summary letter(int offset, int failedAt) {
        var failure = new DeadLetter.Failure(Optional.empty(), 1, ErrorKind.FUNCTION_FAILED, "", failedAt);
        return new Summary(
                new DeadLetter.Id("bill", "orders", 0, offset),
                0,
                failure,
                DeadLetter.Kept.ALL,
                0,
                new TopicPartition("photon.dead-letters", 0),
                0);
    }

    @Provide
    Arbitrary<List<Told>> logs() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 8),
                        Arbitraries.integers().between(0, 6).optional(0.7))
                .as(Told::new)
                .list()
                .ofMaxSize(30);
    }
}
