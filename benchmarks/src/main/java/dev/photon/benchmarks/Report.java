package dev.photon.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a run says at its end; as JSON, its components are the fields. */
record Report(List<Measurement> results, List<Ratio> ratios) {

    static Report of(Results results) {
        var ratios = Catalogue.MARKS.stream()
                .map(mark -> mark.in(results))
                .flatMap(Optional::stream)
                .toList();
        return new Report(results.all(), ratios);
    }

    void print() {
        if (ratios.isEmpty()) {
            return;
        }
        System.out.printf("%n%-50s %8s   %-8s %s%n", "ratio", "value", "mark", "met");
        for (var ratio : ratios) {
            System.out.printf(
                    "%-50s %8.2f   %-8s %s%n", ratio.name(), ratio.value(), ratio.mark(), ratio.met() ? "yes" : "NO");
        }
    }

    void write(Path file) throws IOException {
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
    }
}
