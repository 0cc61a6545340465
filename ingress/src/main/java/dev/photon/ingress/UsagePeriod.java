package dev.photon.ingress;

import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The calendar's periods over which usage is summed, in UTC; a week begins on Monday (ISO 8601). */
enum UsagePeriod {
    MIN(ChronoUnit.MINUTES, 60),
    HOUR(ChronoUnit.HOURS, 24),
    DAY(ChronoUnit.DAYS, 30),
    WEEK(ChronoUnit.WEEKS, 12),
    MONTH(ChronoUnit.MONTHS, 12),
    YEAR(ChronoUnit.YEARS, 2);

    private final ChronoUnit unit;
    private final int usual;

    UsagePeriod(ChronoUnit unit, int usual) {
        this.unit = unit;
        this.usual = usual;
    }

    /** Of the name that stands in paths and answers. */
    static Optional<UsagePeriod> of(String text) {
        return Arrays.stream(values())
                .filter(period -> period.text().equals(text))
                .findFirst();
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How many are told of when nobody says since when. */
    int usual() {
        return usual;
    }

    /** The begin of the period that has this time in it. */
    LocalDateTime begin(LocalDateTime time) {
        return switch (this) {
            case MIN, HOUR, DAY -> time.truncatedTo(unit);
            case WEEK -> time.truncatedTo(ChronoUnit.DAYS).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
            case YEAR -> time.truncatedTo(ChronoUnit.DAYS).withDayOfYear(1);
        };
    }

    /** The begin of the period that comes so many after the one that begins here. */
    LocalDateTime after(LocalDateTime begin, long count) {
        return begin.plus(count, unit);
    }

    static LocalDateTime utc(long millis) {
        return LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1_000L), 0, ZoneOffset.UTC);
    }
}
