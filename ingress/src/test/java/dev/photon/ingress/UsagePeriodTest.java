package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsagePeriodTest {
    @ParameterizedTest
    @CsvSource({
        "min,   2024-02-29T23:59:59, 2024-02-29T23:59, 2024-03-01T00:00",
        "hour,  2024-02-29T23:59:59, 2024-02-29T23:00, 2024-03-01T00:00",
        "day,   2024-02-29T23:59:59, 2024-02-29T00:00, 2024-03-01T00:00",
        "day,   2024-03-01T00:00:00, 2024-03-01T00:00, 2024-03-02T00:00",
        "week,  2024-03-03T23:59:59, 2024-02-26T00:00, 2024-03-04T00:00",
        "week,  2024-03-04T00:00:00, 2024-03-04T00:00, 2024-03-11T00:00",
        "week,  2027-01-01T12:00:00, 2026-12-28T00:00, 2027-01-04T00:00",
        "month, 2024-02-29T23:59:59, 2024-02-01T00:00, 2024-03-01T00:00",
        "month, 2024-12-31T23:59:59, 2024-12-01T00:00, 2025-01-01T00:00",
        "year,  2024-12-31T23:59:59, 2024-01-01T00:00, 2025-01-01T00:00",
        "year,  2025-01-01T00:00:00, 2025-01-01T00:00, 2026-01-01T00:00"
    })
    void aPeriodIsThatOfTheCalendar(String name, LocalDateTime time, LocalDateTime begin, LocalDateTime next) {
        var period = UsagePeriod.of(name).orElseThrow();

        assertThat(period.begin(time)).isEqualTo(begin);
        assertThat(period.after(begin, 1)).isEqualTo(next);
    }

    @Test
    void theNamesAreThePublishedOnes() {
        assertThat(UsagePeriod.values())
                .extracting(UsagePeriod::text)
                .containsExactly("min", "hour", "day", "week", "month", "year");
        assertThat(UsagePeriod.of("MIN")).isEmpty();
        assertThat(UsagePeriod.of("minute")).isEmpty();
        assertThat(UsagePeriod.of("")).isEmpty();
    }

    @Test
    void namesDoNotDependOnTheLanguageOfTheMachine() {
        var before = Locale.getDefault();
        Locale.setDefault(Locale.of("tr"));
        try {
            assertThat(UsagePeriod.MIN.text()).isEqualTo("min");
        } finally {
            Locale.setDefault(before);
        }
    }
}
