package dev.photon.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is asked of a figure, alone or as a multiple of another one's.
 *
 * @param base what the figure is divided by; empty for a figure that stands for itself
 */
record Mark(String name, Figure figure, Optional<Figure> base, Bound bound) {

    record Figure(String scenario, int connections, String metric) {
        private Optional<Double> in(Results results) {
            return results.find(scenario, connections, metric);
        }
    }

    sealed interface Bound {
        boolean met(double value);

        String text();

        record AtLeast(double least) implements Bound {
            @Override
            public boolean met(double value) {
                return value >= least;
            }

            @Override
            public String text() {
                return String.format(Locale.ROOT, ">= %.1f", least);
            }
        }

        record AtMost(double most) implements Bound {
            @Override
            public boolean met(double value) {
                return value <= most;
            }

            @Override
            public String text() {
                return String.format(Locale.ROOT, "<= %.1f", most);
            }
        }
    }

    /** The scenarios it needs. */
    List<String> scenarios() {
        return base.map(other -> List.of(figure.scenario(), other.scenario())).orElse(List.of(figure.scenario()));
    }

    /** Empty when one of the figures was not taken. */
    Optional<Ratio> in(Results results) {
        var divisor = base.isEmpty() ? Optional.of(1.0) : base.get().in(results);
        return figure.in(results)
                .flatMap(value -> divisor.map(by -> value / by))
                .map(value -> new Ratio(name, value, bound.text(), bound.met(value)));
    }
}
