package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.photon.protocol.UsageRecord;
import dev.photon.protocol.UsageTotals;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageQueryTest {
    private static final Instant NOW = Instant.parse("2026-03-04T10:20:30Z");

    /** As in a URL: {@code start=…&limit=…}. */
    private static UsageQuery query(UsagePeriod period, String text) {
        var values = new HashMap<String, String>();
        for (var part : text.split("&", -1)) {
            var equals = part.indexOf('=');
            if (equals > 0) {
                values.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        return UsageQuery.read(period, new Parameters(values::get), NOW.toEpochMilli());
    }

    private static List<String> begins(UsagePeriod period, String text) {
        return query(period, text).buckets().stream()
                .map(bucket -> bucket.begin().toString())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "MIN,   60, 2026-03-04T09:21, 2026-03-04T10:20",
        "HOUR,  24, 2026-03-03T11:00, 2026-03-04T10:00",
        "DAY,   30, 2026-02-03T00:00, 2026-03-04T00:00",
        "WEEK,  12, 2025-12-15T00:00, 2026-03-02T00:00",
        "MONTH, 12, 2025-04-01T00:00, 2026-03-01T00:00",
        "YEAR,   2, 2025-01-01T00:00, 2026-01-01T00:00"
    })
    void tellsOfAUsualNumberOfPeriodsUpToNowUnlessSaid(UsagePeriod period, int count, String first, String last) {
        assertThat(begins(period, "")).hasSize(count).startsWith(first).endsWith(last);
    }

    @Test
    void countsBackFromTheEndThatIsAskedFor() {
        assertThat(begins(UsagePeriod.DAY, "end=2026-01-31T00:00:00"))
                .hasSize(30)
                .startsWith("2026-01-01T00:00")
                .endsWith("2026-01-30T00:00");
    }

    @Test
    void givesWholePeriodsThatHaveAnyOfTheTimeInThem() {
        assertThat(begins(UsagePeriod.MONTH, "start=2025-12-31T23:59:59&end=2026-02-01T00:00:00"))
                .containsExactly("2025-12-01T00:00", "2026-01-01T00:00");
        assertThat(begins(UsagePeriod.MONTH, "start=2025-12-31T23:59:59&end=2026-02-01T00:00:01Z"))
                .containsExactly("2025-12-01T00:00", "2026-01-01T00:00", "2026-02-01T00:00");
        assertThat(begins(UsagePeriod.HOUR, "start=2026-03-01T01:30:00+01:00")).startsWith("2026-03-01T00:00");
    }

    @Test
    void tellsNothingOfTheFuture() {
        assertThat(begins(UsagePeriod.HOUR, "start=2026-03-04T09:00:00&end=2030-01-01T00:00:00"))
                .containsExactly("2026-03-04T09:00", "2026-03-04T10:00");
        assertThat(begins(UsagePeriod.HOUR, "start=2030-01-01T00:00:00")).isEmpty();
        assertThat(begins(UsagePeriod.YEAR, "end=1960-01-01T00:00:00")).isEmpty();
    }

    @Test
    void goesThroughALongTimeByPages() {
        var start = "start=1970-01-01T00:00:00&limit=2";

        assertThat(begins(UsagePeriod.WEEK, start)).containsExactly("1969-12-29T00:00", "1970-01-05T00:00");
        assertThat(begins(UsagePeriod.WEEK, start + "&offset=2"))
                .containsExactly("1970-01-12T00:00", "1970-01-19T00:00");
        assertThat(begins(UsagePeriod.MIN, start + "&offset=1000000")).startsWith("1971-11-26T10:40");
        assertThat(begins(UsagePeriod.YEAR, start + "&offset=1000000")).isEmpty();
        assertThat(begins(UsagePeriod.MIN, "start=1970-01-01T00:00:00")).hasSize(1_000);
    }

    @ParameterizedTest
    @CsvSource({
        "start=yesterday, 'start and end are times such as 2024-01-01T00:00:00, in UTC'",
        "end=2024-13-01T00:00:00, 'start and end are times such as 2024-01-01T00:00:00, in UTC'",
        "start=+999999999-01-01T00:00:00, 'start and end are times such as 2024-01-01T00:00:00, in UTC'",
        "start=2026-01-02T00:00:00&end=2026-01-01T00:00:00, start must be before end",
        "limit=0, limit is a number from 1 to 1000",
        "limit=1001, limit is a number from 1 to 1000",
        "limit=all, limit is a number from 1 to 1000",
        "offset=-1, offset is a number from 0 to 1000000",
        "offset=99999999999, offset is a number from 0 to 1000000"
    })
    void saysWhatCannotBeRead(String text, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> query(UsagePeriod.DAY, text))
                .withMessage(sentence);
    }

    @Test
    void whatIsEmptyCountsAsLeftOut() {
        assertThat(query(UsagePeriod.DAY, "start=&end=&limit=&offset=")).isEqualTo(query(UsagePeriod.DAY, ""));
    }

    @Test
    void answersInThePublishedForm() {
        var table = new UsageTable(Clock.fixed(NOW, ZoneOffset.UTC));
        var minute = NOW.getEpochSecond() / 60;
        table.apply(new UsageRecord("i", minute - 1, "f", new UsageTotals(30, 6, 120, 240)));
        table.apply(new UsageRecord("i", minute, "f", new UsageTotals(15, 0, 30, 60)));

        var answer = UsageHandler.answer(query(UsagePeriod.MIN, ""), table, NOW.toEpochMilli());

        var result = answer.getJsonArray("result");
        assertThat(answer.getInteger("code")).isEqualTo(200);
        assertThat(answer.getBoolean("error")).isFalse();
        assertThat(result).hasSize(60);
        assertThat(result.getJsonObject(57).getJsonObject("metrics").getLong("requests_count"))
                .isZero();
        assertThat(result.getJsonObject(58).getMap())
                .containsEntry("timestamp", "2026-03-04T10:19:00Z")
                .containsEntry("period", "min")
                .containsEntry("type", "metric");
        assertThat(metrics(result.getJsonObject(58)))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "bytes_downloaded",
                        240L,
                        "bytes_downloaded_per_second",
                        4.0,
                        "bytes_uploaded",
                        120L,
                        "bytes_uploaded_per_second",
                        2.0,
                        "errors_count",
                        6L,
                        "errors_count_per_second",
                        0.1,
                        "requests_count",
                        30L,
                        "requests_count_per_second",
                        0.5));
        // Of the minute that runs, 30 s are over.
        assertThat(metrics(result.getJsonObject(59))).containsEntry("requests_count_per_second", 0.5);
    }

    private static Map<String, Object> metrics(JsonObject bucket) {
        return bucket.getJsonObject("metrics").getMap();
    }
}
