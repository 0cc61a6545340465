package dev.photon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromQlTest {
    @Test
    void findsTheMetricsAndLabelsOfAnExpression() {
        var found = PromQl.of("""
                histogram_quantile(0.99, sum by (le, function) (rate(a_seconds_bucket{function=~"$function",kind!="x_y"}[5m])))
                / on (instance) group_left(pod) (b_total offset 5m) > bool 1e3 and absent(c == 1) or max without(d) (e)
                """);

        assertThat(found.metrics()).containsExactly("a_seconds_bucket", "b_total", "c", "e");
        assertThat(found.labels()).containsExactly("d", "function", "instance", "kind", "le", "pod");
    }

    @Test
    void findsAMetricWhereverItStands() {
        assertThat(PromQl.of("up").metrics()).containsExactly("up");
        assertThat(PromQl.of("1 - max(a)").metrics()).containsExactly("a");
        assertThat(PromQl.of("60 * sum(rate(a_count[$__rate_interval]))").metrics())
                .containsExactly("a_count");
        assertThat(PromQl.of("label_values(a_count, function)").metrics()).containsExactly("a_count");
    }
}
