package dev.photon.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchedTest {
    private static final Sources OLD = sources(1);
    private static final Sources NEW = sources(2);

    private final Watched watched = new Watched();

    private static Sources sources(long modified) {
        return new Sources(Map.of(Path.of("main.c"), new Sources.Stamp(modified, 10)));
    }

    @Test
    void buildsOnceWhatChangedAndSettled() {
        watched.trying(OLD);

        assertThat(watched.isDue(OLD)).isFalse();
        assertThat(watched.isDue(NEW)).isFalse();
        assertThat(watched.isDue(NEW)).isTrue();
        watched.trying(NEW);
        assertThat(watched.isDue(NEW)).isFalse();
    }

    @Test
    void keepsTheVersionBeforeForCallsOnTheirWay() {
        assertThat(watched.serve("f", watched.next("1.0.0"))).isEmpty();
        assertThat(watched.serve("f", watched.next("1.0.0"))).isEmpty();
        assertThat(watched.serve("f", watched.next("1.0.0"))).containsExactly(new DevelopmentVersion("1.0.0", 1));
    }

    @Test
    void dropsAtOnceWhatWouldBeTakenForTheLatest() {
        watched.serve("f", watched.next("2.0.0"));
        assertThat(watched.serve("f", watched.next("1.0.0"))).containsExactly(new DevelopmentVersion("2.0.0", 1));
    }
}
