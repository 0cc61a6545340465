package dev.photon.registry;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Kubernetes resource quantities: a number with a decimal (k M G T P E) or binary (Ki … Ei) suffix, or m for 1/1000. */
final class Quantity {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)(m|[kMGTPE]|[KMGTPE]i)?");
    private static final Map<String, BigDecimal> FACTORS = Map.ofEntries(
            Map.entry("m", new BigDecimal("0.001")),
            Map.entry("k", BigDecimal.TEN.pow(3)),
            Map.entry("M", BigDecimal.TEN.pow(6)),
            Map.entry("G", BigDecimal.TEN.pow(9)),
            Map.entry("T", BigDecimal.TEN.pow(12)),
            Map.entry("P", BigDecimal.TEN.pow(15)),
            Map.entry("E", BigDecimal.TEN.pow(18)),
            Map.entry("Ki", BigDecimal.TWO.pow(10)),
            Map.entry("Mi", BigDecimal.TWO.pow(20)),
            Map.entry("Gi", BigDecimal.TWO.pow(30)),
            Map.entry("Ti", BigDecimal.TWO.pow(40)),
            Map.entry("Pi", BigDecimal.TWO.pow(50)),
            Map.entry("Ei", BigDecimal.TWO.pow(60)));

    private Quantity() {}

    /** The quantity in bytes, at most {@link Long#MAX_VALUE}; empty when the text is none. */
    static Optional<Long> bytes(String text) {
        var match = TEXT.matcher(text.strip());
        if (!match.matches()) {
            return Optional.empty();
        }
        var factor = match.group(2) == null ? BigDecimal.ONE : FACTORS.get(match.group(2));
        var bytes = new BigDecimal(match.group(1)).multiply(factor);
        return Optional.of(bytes.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue());
    }
}
